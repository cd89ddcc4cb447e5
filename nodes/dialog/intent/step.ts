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
      default:
        return { wait: true }
    }
  },
})

function read(config: Config, session: SessionView, message: UserMessage): StepResult {
  if (message.text.trim() !== '') return { effect: classify(message.text) }
  return climb(config, session, [], miss(config, session, 'intent.note.empty'))
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
  if (chosen === noneOfThese) return climb(config, session, [], miss(config, session, 'intent.note.none'))
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
    return climb(config, session, [], miss(config, session, 'intent.note.outOfScope', { name: first.name, percent }))
  if (config.clarify && second && session.memory.offered === undefined) {
    const close = first.probability - second.probability < config.margin
    // Two weak guesses that together pass the bar are worth a question; two that do not are noise.
    if (close && first.probability + second.probability >= threshold)
      return {
        ...offer(config, config.question, [first, second]),
        note: { key: 'intent.note.unclear', params: { first: first.name, second: second.name, percent } },
      }
  }
  if (first.probability < threshold) {
    const params = { name: first.name, percent, threshold: Math.round(threshold * 100) }
    return climb(config, session, result.labels.slice(0, 2), miss(config, session, 'intent.note.unsure', params))
  }
  return understood(config, session, { id: first.label, name: first.name }, 'intent.note.understood', { percent })
}

/** Buttons for what may be meant, and one for none of it. */
function offer(config: Config, text: LocalText, labels: readonly { label: string; name: string }[]): StepResult {
  const offered = labels.map(({ label, name }): Offer => ({ id: label, name }))
  return {
    messages: [
      [
        { type: 'text', text },
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
  }
}

/**
 * What a miss leads to: first the visitor is asked to put it another way, then to pick one of the best guesses, then it leaves by
 * `fallback`, where a wire leads on, or a person takes over.
 */
function climb(
  config: Config,
  session: SessionView,
  guesses: readonly { label: string; name: string }[],
  missed: StepResult,
): StepResult {
  if (!config.ladder) return missed
  const misses = missed.count?.misses ?? 1
  const { leave: _, ...stay } = missed
  if (misses >= 3) return session.connected('fallback') ? missed : giveUp(config, session, stay)
  const known = guesses.filter(({ label }) => session.connected(label))
  if (misses === 2 && known.length > 0) return { ...stay, ...offer(config, config.guess, known) }
  return { ...stay, messages: [[{ type: 'text', text: config.rephrase }]], remember: { offered: [] }, wait: true }
}

function giveUp(config: Config, session: SessionView, missed: StepResult): StepResult {
  return {
    ...missed,
    messages: [[{ type: 'text', text: config.giveUp }]],
    count: { misses: 0 },
    effect: { type: 'handoff', reason: session.lastMessage?.text.slice(0, 200) ?? '', note: '' },
    end: 'handoff',
  }
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
    topic: label.id,
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
