import { defineStep, type PartTemplate, type StepResult } from '#kit'
import { parseChoice } from '#runtime/conditions/parse-choice.ts'
import { buttonPort, say } from './node.ts'

export default defineStep(say, {
  enter(config): StepResult {
    const parts: PartTemplate[] = [{ type: 'text', text: config.text }]
    if (config.buttons.length === 0) return { messages: [parts], leave: 'out' }
    parts.push({ type: 'buttons', options: config.buttons.map(({ id, text }) => ({ value: id, text })) })
    return { messages: [parts], wait: true }
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
