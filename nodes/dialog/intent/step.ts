import {
  type Classification,
  type ConfigOf,
  defineStep,
  type LocalText,
  type SessionView,
  type StepResult,
  type UserMessage,
} from '#kit'
import { parseChoice } from '#runtime/conditions/parse-choice.ts'
import { intent } from './node.ts'

type Config = ConfigOf<typeof intent>
interface Offer {
  id: string
  name: string
}
const noneOfThese = 'none'

export default defineStep(intent, {
  enter(config, session): StepResult {
    if (session.pending) return read(config, session, session.pending)
    const written = Object.values(config.prompt).some((text) => text !== '')
    return { messages: written ? [[{ type: 'text', text: config.prompt }]] : [], wait: true }
  },
  resume(config, session, event): StepResult {
    switch (event.type) {
      case 'user.message':
        return answerOffer(config, session, event) ?? read(config, session, event)
      case 'effect.settled':
        return decide(config, session, event.result, config.threshold ?? event.threshold ?? 0.5)
      case 'effect.failed':
        return { leave: 'fallback', consume: true, note: { key: 'intent.note.unavailable' } }
    }
  },
})

function read(config: Config, session: SessionView, message: UserMessage): StepResult {
  return message.text.trim() === '' ? miss(config, session, 'intent.note.empty') : { effect: classify(message.text) }
}
const classify = (text: string) => ({ type: 'classify' as const, text })

/** What the visitor makes of "did you mean A or B?"; null where the words are a new question. */
function answerOffer(config: Config, session: SessionView, message: UserMessage): StepResult | null {
  const offered = (session.memory.offered ?? []) as Offer[]
  if (offered.length === 0) return null
  const chosen =
    message.choice?.block === session.node
      ? message.choice.value
      : parseChoice(message.text, [
          ...offered.map(({ id, name }) => ({
            value: id,
            texts: [name, ...Object.values(topicText(config, id) ?? {})],
          })),
          { value: noneOfThese, texts: Object.values(config.none) },
        ])
  if (chosen === noneOfThese) return miss(config, session, 'intent.note.none')
  const offer = offered.find(({ id }) => id === chosen)
  return offer ? understood(config, session, offer, 'intent.note.chosen', {}) : null
}

function decide(config: Config, session: SessionView, result: Classification, threshold: number): StepResult {
  return { ...verdictOn(config, session, result, threshold), threshold }
}

function verdictOn(config: Config, session: SessionView, result: Classification, threshold: number): StepResult {
  const [first, second] = result.labels
  if (!first) return miss(config, session, 'intent.note.nothing')
  const percent = Math.round(first.probability * 100)
  // A message that is like nothing learned is not offered two guesses either: both would be noise.
  if (result.outOfScope > config.outOfScope)
    return miss(config, session, 'intent.note.outOfScope', { name: first.name, percent })
  if (config.clarify && second && session.memory.offered === undefined) {
    const close = first.probability - second.probability < config.margin
    // Two weak guesses that together pass the bar are worth a question; two that do not are noise.
    if (close && first.probability + second.probability >= threshold) {
      const offered = [first, second].map(({ label, name }): Offer => ({ id: label, name }))
      return {
        messages: [
          [
            { type: 'text', text: config.question },
            {
              type: 'buttons',
              options: [
                ...offered.map(({ id, name }) => ({ value: id, text: topicText(config, id) ?? { en: name } })),
                { value: noneOfThese, text: config.none },
              ],
            },
          ],
        ],
        remember: { offered },
        consume: true,
        wait: true,
        note: { key: 'intent.note.unclear', params: { first: first.name, second: second.name, percent } },
      }
    }
  }
  if (first.probability < threshold)
    return miss(config, session, 'intent.note.unsure', {
      name: first.name,
      percent,
      threshold: Math.round(threshold * 100),
    })
  return understood(config, session, { id: first.label, name: first.name }, 'intent.note.understood', { percent })
}

function understood(
  config: Config,
  session: SessionView,
  label: Offer,
  key: string,
  params: Record<string, number>,
): StepResult {
  const set = config.variable === '' ? {} : { [config.variable]: label.name }
  if (!session.connected(label.id)) return { ...miss(config, session, 'intent.note.unconnected', { name: label.name }) }
  return {
    set: config.misses === '' ? set : { ...set, [config.misses]: 0 },
    count: { misses: 0 },
    consume: true,
    leave: label.id,
    note: { key, params: { name: label.name, ...params } },
  }
}

function miss(
  config: Config,
  session: SessionView,
  key: string,
  params: Record<string, string | number> = {},
): StepResult {
  const misses = (session.counters.misses ?? 0) + 1
  const set: Record<string, unknown> = {}
  if (config.variable !== '') set[config.variable] = ''
  if (config.misses !== '') set[config.misses] = misses
  return { set, count: { misses }, consume: true, leave: 'fallback', note: { key, params } }
}

function topicText(config: Config, label: string): LocalText | undefined {
  return config.topics.find((topic) => topic.id === label)?.text
}
