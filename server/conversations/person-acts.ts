import { BotloomError, type LocalText, pickText } from '#kit'
import { fillPlaceholders } from '#kit/text-checks.ts'
import type { Session } from '#runtime/conversation/session.ts'
import type { Person } from '#server/api/dto.ts'
import type { ConversationStatus, NewMessage } from './conversation-rows.ts'

/** What a person does in a conversation. `reply`'s id is the client's: the same id is the same message. */
export type PersonAct =
  | { kind: 'take' }
  | { kind: 'reply'; id: string; text: string }
  | { kind: 'give-back' }
  | { kind: 'close' }

export interface ActResult {
  session: Session
  status: ConversationStatus
  /** Null: nobody any more. */
  assignee: string | null
  handoff: 'taken' | 'done'
  messages: Pick<NewMessage, 'role' | 'parts' | 'text' | 'author'>[]
  /** Id of the last message, where the client gave it one. */
  id?: string
}

const notices = {
  joined: { 'zh-CN': '{{name}} 为您服务。', en: '{{name}} is with you now.' },
  left: { 'zh-CN': '{{name}} 已离开，机器人继续为您服务。', en: '{{name}} has left, and the bot is back.' },
  closed: {
    'zh-CN': '会话已结束，需要时随时再发消息。',
    en: 'This conversation was closed. Write whenever you need us.',
  },
} satisfies Record<string, LocalText>

/**
 * What becomes of a conversation by a person's act, null where nothing does; the session given is not changed. Who wants to answer in a
 * colleague's or the bot's place takes it over first, so that all know: an answer may come late. Throws `chat-with-colleague`,
 * `chat-not-taken`.
 */
export function carryOut(
  before: { session: Session; status: ConversationStatus; holder: Person | null },
  act: PersonAct,
  person: Person,
): ActResult | null {
  const { session, status, holder } = before
  const notice = (name: keyof typeof notices): ActResult['messages'][number] => {
    const text = fillPlaceholders(pickText(notices[name], session.language), () => person.name)
    return { role: 'system', parts: [{ type: 'notice', text }], text }
  }
  const left = { memory: {}, pending: null, calling: null, held: [], due: null }
  const held: Session = { ...session, ...left, status: 'handoff' }
  // The visitor sees who talks from then on.
  const joined = status === 'agent' ? [] : [notice('joined')]
  switch (act.kind) {
    case 'take':
      if (status === 'agent' && holder?.id === person.id) return null
      return { session: held, status: 'agent', assignee: person.id, handoff: 'taken', messages: [notice('joined')] }
    case 'reply': {
      if (status === 'agent' && holder && holder.id !== person.id)
        throw new BotloomError('chat-with-colleague', { name: holder.name })
      if (status === 'open' || status === 'ended') throw new BotloomError('chat-not-taken')
      const { id, text } = act
      const said = { role: 'agent' as const, parts: [{ type: 'text', text }], text, author: person.name }
      return { session: held, status: 'agent', assignee: person.id, handoff: 'taken', messages: [...joined, said], id }
    }
    case 'give-back':
      if (status === 'open' || status === 'ended') return null
      return { ...givenBack(session), assignee: null, handoff: 'done', messages: [notice('left')] }
    case 'close': {
      if (status === 'ended') return null
      const ended: Session = { ...session, ...left, status: 'ended', calls: [] }
      return { session: ended, status: 'ended', assignee: person.id, handoff: 'done', messages: [notice('closed')] }
    }
  }
}

/** The bot listens where it last listened; one that never did begins anew with the next message. */
function givenBack(session: Session): Pick<ActResult, 'session' | 'status'> {
  const free: Session = { ...session, memory: {}, pending: null, calls: [], answered: [], topic: null, upset: 0 }
  return session.listener === null
    ? { session: { ...free, status: 'ended' }, status: 'ended' }
    : { session: { ...free, at: session.listener, status: 'active' }, status: 'open' }
}
