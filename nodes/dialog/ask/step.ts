import { type ConfigOf, defineStep, type LocalText, type PartTemplate, type StepResult, type UserMessage } from '#kit'
import type { Found } from '#runtime/conditions/found.ts'
import { type Answer, answerText } from './answer.ts'
import { buttonsOf } from './buttons.ts'
import { findAnswer } from './find-answer.ts'
import { ask, fileVariable } from './node.ts'
import { parseAnswer } from './parse-answer.ts'

type Config = ConfigOf<typeof ask>

export default defineStep(ask, {
  enter(config, session): StepResult {
    const known = session.variables[config.variable]
    if (config.skipIfSet && known !== undefined && known !== null && known !== '')
      return { leave: 'out', note: { key: 'ask.note.known', params: { variable: config.variable } } }
    const { lastMessage } = session
    if (lastMessage && session.counters.used !== fingerprint(lastMessage.id)) {
      const found = findAnswer(config, session)
      if (found !== null) return { ...kept(config, lastMessage, found, 'ask.note.found'), took: found.text }
    }
    return { messages: [question(config, config.question)], wait: true }
  },
  resume(config, session, event): StepResult {
    if (event.type !== 'user.message') return { wait: true }
    const clicked = event.choice?.block === session.node ? event.choice.value : null
    const sent = config.kind === 'file' ? event.files?.at(-1) : undefined
    if (sent)
      return {
        ...kept(config, event, { value: sent.name, text: sent.name }, 'ask.note.answered'),
        took: sent.name,
        set: { [config.variable]: sent.name, [fileVariable(config.variable)]: sent.id },
      }
    const button = buttonsOf(config).find(({ value }) => value === clicked)
    const found = button ? { value: button.means, text: event.text } : parseAnswer(config, event.text, session)
    if (found !== null)
      return {
        ...kept(config, event, found, 'ask.note.answered'),
        // Any words would have been a text: what they hold may answer the questions behind it as well.
        ...(config.kind === 'text' ? { fit: 'any' } : { took: found.text }),
      }
    const tries = Number(session.memory.tries ?? 0) + 1
    // The message stays unread: behind `failed` an intent block may understand what the visitor wants instead.
    if (tries >= config.tries)
      return { leave: 'failed', fit: 'none', note: { key: 'ask.note.failed', params: { tries } } }
    const written = Object.values(config.reprompt).some((text) => text !== '')
    return {
      messages: [question(config, written ? config.reprompt : config.question)],
      remember: { tries },
      consume: true,
      wait: true,
      fit: 'none',
      note: { key: 'ask.note.unfit', params: { tries } },
    }
  },
})

function kept(config: Config, message: UserMessage, { value }: Found<Answer>, note: string): StepResult {
  return {
    set: { [config.variable]: value },
    count: { used: fingerprint(message.id) },
    consume: true,
    leave: 'out',
    note: { key: note, params: { value: answerText(value) } },
  }
}

function question(config: Config, text: LocalText): PartTemplate[] {
  const options = buttonsOf(config).map((button) => ({ value: button.value, text: button.text }))
  return [
    { type: 'text', text },
    ...(options.length > 0 ? [{ type: 'buttons' as const, options }] : []),
    ...(config.kind === 'file' ? [{ type: 'upload' as const }] : []),
  ]
}

/**
 * Marks the message that an answer was taken from. A block that is asked again about the same message must not find the same answer
 * again, even where it was said twice or in other words; so it asks.
 */
function fingerprint(id: string): number {
  let hash = 0
  for (const char of id) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) | 0
  return hash
}
