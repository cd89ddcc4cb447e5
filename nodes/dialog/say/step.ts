import { defineStep, type PartTemplate, type StepResult } from '#kit'
import { parseChoice } from '#runtime/conditions/parse-choice.ts'
import type { SayConfig } from './config.ts'
import { buttonPort, say } from './node.ts'
import { nextWording } from './wording.ts'

export default defineStep(say, {
  enter(config, session): StepResult {
    const { text, count } = nextWording(config, session)
    const parts: PartTemplate[] = [{ type: 'text', text }, ...contentOf(config)]
    if (config.pace) parts.push({ type: 'pace' })
    const said = count ? { count } : {}
    if (config.buttons.length === 0) return { messages: [parts], ...said, leave: 'out' }
    parts.push({ type: 'buttons', options: config.buttons.map(({ id, text }) => ({ value: id, text })) })
    return { messages: [parts], ...said, wait: true }
  },
  resume(config, session, event): StepResult {
    if (event.type !== 'user.message') return { wait: true }
    const options = config.buttons.map(({ id, text }) => ({ value: id, texts: Object.values(text) }))
    const clicked =
      event.choice?.block === session.node
        ? options.find((option) => option.value === event.choice?.value)?.value
        : parseChoice(event.text, options, false)
    if (clicked === undefined || clicked === null) return { leave: 'out' }
    return { leave: buttonPort(clicked), consume: true }
  },
})

/** What is shown between the words and the buttons. */
function contentOf({ image, imageAlt, cards }: SayConfig): PartTemplate[] {
  const parts: PartTemplate[] = []
  if (image !== '') parts.push({ type: 'image', url: image, text: imageAlt })
  if (cards.length > 0)
    parts.push({
      type: 'cards',
      cards: cards.map(({ title, text, image, link, linkText }) => ({
        title,
        text,
        image,
        link: { url: link, text: linkText },
      })),
    })
  return parts
}
