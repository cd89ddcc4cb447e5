import {
  type ConfigOf,
  defineStep,
  type FoundPassage,
  type FoundPassages,
  type PartTemplate,
  type SessionView,
  type StepResult,
  type UserMessage,
} from '#kit'
import { parseChoice } from '#runtime/conditions/parse-choice.ts'
import { knowledgeAnswer } from './node.ts'

type Config = ConfigOf<typeof knowledgeAnswer>
const more = 'more'
const unhelpful = 'unhelpful'

export default defineStep(knowledgeAnswer, {
  enter(config, session): StepResult {
    const question = config.ask ? null : (session.pending ?? unreadQuestion(session))
    if (question && question.text.trim() !== '') return lookUp(question)
    return { messages: [[{ type: 'text', text: config.prompt }]], consume: true, wait: true }
  },
  resume(config, session, event): StepResult {
    switch (event.type) {
      case 'user.message':
        return hear(config, session, event)
      case 'passages.found':
        return decide(config, session, event.result, config.floor ?? event.floor)
      case 'effect.failed':
        return unknown(session, { key: 'knowledge-answer.note.unavailable' })
      default:
        return { wait: true }
    }
  },
})

const lookUp = (question: UserMessage): StepResult => ({ effect: { type: 'retrieve', text: question.text } })

/** What was said last, where another block has read it but nobody took an answer from it, and this one has not looked it up yet. */
function unreadQuestion({ lastMessage, taken, counters }: SessionView): UserMessage | null {
  if (!lastMessage || lastMessage.choice || taken.length > 0) return null
  return counters.asked === fingerprint(lastMessage.id) ? null : lastMessage
}

/** A button, words for one, a question that was asked for, or words for whoever listens. */
function hear(config: Config, session: SessionView, event: UserMessage): StepResult {
  if (session.memory.answered === undefined) {
    if (event.text.trim() !== '') return lookUp(event)
    return { messages: [[{ type: 'text', text: config.prompt }]], consume: true, wait: true }
  }
  const offered = [
    { value: more, texts: Object.values(config.more) },
    { value: unhelpful, texts: Object.values(config.unhelpful) },
  ]
  const chosen = event.choice?.block === session.node ? event.choice.value : parseChoice(event.text, offered, false)
  if (chosen === unhelpful)
    return { consume: true, leave: 'unhelpful', note: { key: 'knowledge-answer.note.unhelpful' } }
  if (chosen === more && typeof session.memory.more === 'string')
    return {
      messages: [[{ type: 'verbatim', text: session.memory.more }, ...buttons(config, false)]],
      remember: { more: null },
      consume: true,
      wait: true,
      note: { key: 'knowledge-answer.note.more' },
    }
  return { leave: 'answered' }
}

function decide(config: Config, session: SessionView, { passages }: FoundPassages, floor: number): StepResult {
  const [best] = passages
  if (!best) return unknown(session, { key: 'knowledge-answer.note.nothing' })
  const params = { title: nameOf(best), percent: Math.round(best.score * 100), floor: Math.round(floor * 100) }
  if (best.score < floor)
    return { ...unknown(session, { key: 'knowledge-answer.note.unsure', params }), threshold: floor }
  const parts: PartTemplate[] = [{ type: 'verbatim', text: best.answer }]
  if (config.source) parts.push({ type: 'source', source: best.source })
  const said: StepResult = {
    threshold: floor,
    topic: `knowledge:${best.id}`,
    ...(config.variable === '' ? {} : { set: { [config.variable]: nameOf(best) } }),
    count: { asked: askedOf(session) },
    consume: true,
    note: { key: 'knowledge-answer.note.found', params },
  }
  if (!config.buttons || session.aside) return { ...said, messages: [parts], leave: 'answered' }
  return {
    ...said,
    messages: [[...parts, ...buttons(config, best.more !== undefined)]],
    remember: { answered: true, more: best.more ?? null },
    wait: true,
  }
}

const nameOf = ({ source: { title, question } }: FoundPassage): string => title || question || ''

function buttons({ more: moreWords, unhelpful: unhelpfulWords }: Config, hasMore: boolean): PartTemplate[] {
  const options = [...(hasMore ? [{ value: more, text: moreWords }] : []), { value: unhelpful, text: unhelpfulWords }]
  return [{ type: 'buttons', options }]
}

/** The words stay unread: behind `unknown` somebody else may know what to do with them. */
function unknown(session: SessionView, note: StepResult['note']): StepResult {
  return { count: { asked: askedOf(session) }, leave: 'unknown', note }
}

const askedOf = ({ lastMessage }: SessionView): number => (lastMessage ? fingerprint(lastMessage.id) : 0)

/** Marks the message that was looked up: the block that is reached once more with it must not answer again. */
function fingerprint(id: string): number {
  let hash = 0
  for (const char of id) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) | 0
  return hash
}
