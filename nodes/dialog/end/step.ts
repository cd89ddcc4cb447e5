import {
  type ConfigOf,
  defineStep,
  type LocalText,
  type PartTemplate,
  type SessionView,
  type StepResult,
  type UserMessage,
} from '#kit'
import { bareText } from '#runtime/conditions/normalise.ts'
import { findRating } from '#runtime/conditions/parse-rating.ts'
import { findYesNo } from '#runtime/conditions/parse-yes-no.ts'
import { end } from './node.ts'

type Config = ConfigOf<typeof end>

const stars = 5
/** Minutes in which somebody may still answer. Nobody is reminded to rate. */
const patience = 10

export default defineStep(end, {
  enter(config, session): StepResult {
    const farewell = said(config.text)
    if (!config.rating) return { messages: [farewell], end: 'done' }
    // Who comes back from a side question is not bidden farewell again.
    const { asked, rating } = session.memory
    if (typeof rating === 'number')
      return { ...ask(session, { messages: [said(config.commentQuestion)] }), remember: { rating } }
    const question: PartTemplate[] = [{ type: 'text', text: config.question }, starButtons]
    return { ...ask(session, { messages: asked ? [question] : [farewell, question] }), remember: { asked: true } }
  },
  resume(config, session, event): StepResult {
    if (event.type !== 'user.message') return { end: 'done', note: { key: 'end.note.unrated' } }
    const given = session.memory.rating
    return typeof given === 'number' ? commented(config, given, event) : rated(config, session, event)
  },
})

function rated(config: Config, session: SessionView, { text, choice }: UserMessage): StepResult {
  const rating =
    choice?.block === session.node ? Number(choice.value) : choice ? null : (findRating(text, stars)?.value ?? null)
  // Whoever has something else on their mind is answered that; nobody is held up by a rating.
  if (rating === null || !Number.isInteger(rating) || rating < 1 || rating > stars)
    return { end: 'done', fit: 'none', note: { key: 'end.note.unrated' } }
  const note = { key: 'end.note.rated', params: { rating } }
  const effect = { type: 'rate' as const, rating, comment: '' }
  if (!config.comment) return { messages: [said(config.thanks)], consume: true, took: text, effect, end: 'done', note }
  return {
    ...ask(session, { messages: [said(config.commentQuestion)] }),
    remember: { rating },
    consume: true,
    took: text,
    effect,
    note,
  }
}

function commented(config: Config, rating: number, { text, choice }: UserMessage): StepResult {
  if (choice) return { end: 'done', fit: 'none' }
  const messages = [said(config.thanks)]
  // "No" alone is no comment.
  const no = findYesNo(text)
  if (no?.value === false && bareText(no.text) === bareText(text))
    return { messages, consume: true, took: text, end: 'done' }
  const effect = { type: 'rate' as const, rating, comment: text.slice(0, 2_000) }
  return { messages, consume: true, fit: 'any', effect, end: 'done' }
}

function ask({ now }: SessionView, result: StepResult): StepResult {
  return { ...result, wait: true, until: new Date(Date.parse(now) + patience * 60_000).toISOString() }
}

const said = (text: LocalText): PartTemplate[] => [{ type: 'text', text }]

const starButtons: PartTemplate = {
  type: 'buttons',
  options: Array.from({ length: stars }, (_, index) => ({
    value: String(index + 1),
    text: { en: '★'.repeat(index + 1) },
  })),
}
