import { type ConfigOf, defineStep, type LocalText, type PartTemplate, type StepResult } from '#kit'
import { ask } from './node.ts'
import { parseAnswer } from './parse-answer.ts'

type Config = ConfigOf<typeof ask>

export default defineStep(ask, {
  enter(config, session): StepResult {
    const known = session.variables[config.variable]
    if (config.skipIfSet && known !== undefined && known !== null && known !== '')
      return { leave: 'out', note: { key: 'ask.note.known', params: { variable: config.variable } } }
    // "Where is LB20261103?" has answered already; to ask for the number again would be deaf.
    const { lastMessage } = session
    if (config.kind === 'pattern' && lastMessage && session.counters.used !== fingerprint(lastMessage.id)) {
      const found = parseAnswer(config, lastMessage, session)
      if (found !== null)
        return {
          set: { [config.variable]: found },
          count: { used: fingerprint(lastMessage.id) },
          consume: true,
          leave: 'out',
          note: { key: 'ask.note.found', params: { value: found } },
        }
    }
    return { messages: [question(config, config.question)], wait: true }
  },
  resume(config, session, event): StepResult {
    if (event.type !== 'user.message') return { wait: true }
    const value = parseAnswer(config, event, session)
    if (value !== null)
      return {
        set: { [config.variable]: value },
        count: { used: fingerprint(event.id) },
        consume: true,
        leave: 'out',
        note: { key: 'ask.note.answered', params: { value } },
      }
    const tries = Number(session.memory.tries ?? 0) + 1
    // The message stays unread: behind `failed` an intent block may understand what the visitor wants instead.
    if (tries >= config.tries) return { leave: 'failed', note: { key: 'ask.note.failed', params: { tries } } }
    const written = Object.values(config.reprompt).some((text) => text !== '')
    return {
      messages: [question(config, written ? config.reprompt : config.question)],
      remember: { tries },
      consume: true,
      wait: true,
      note: { key: 'ask.note.unfit', params: { tries } },
    }
  },
})

function question(config: Config, text: LocalText): PartTemplate[] {
  const parts: PartTemplate[] = [{ type: 'text', text }]
  if (config.kind === 'choice')
    parts.push({ type: 'buttons', options: config.choices.map((item) => ({ value: item.id, text: item.text })) })
  return parts
}

/** Marks the message that an answer was taken from: a block that is asked again must not find the same answer again. */
function fingerprint(id: string): number {
  let hash = 0
  for (const char of id) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) | 0
  return hash
}
