import type { Message, Trace } from '#server/api/dto.ts'
import type { PastChat, PastTurn, Said } from './conversation-rows.ts'
import type { StoredMessage } from './stored-message.ts'

/** The button that a visitor's message was a click on. */
export function choiceIn(parts: Message['parts']): Pick<Said, 'choice'> {
  for (const part of parts)
    if (part.type === 'choice' && 'block' in part && 'value' in part)
      return { choice: { block: String(part.block), value: String(part.value) } }
  return {}
}

/**
 * A conversation turn by turn as its bot led it: up to where a person was asked for or came, or something happened without a word of
 * the visitor.
 */
export function toTurns(rows: readonly (StoredMessage & { turn: number })[]): PastChat['turns'] {
  const turns: PastChat['turns'] = []
  for (const number of new Set(rows.map(({ turn }) => turn))) {
    const mine = rows.filter(({ turn }) => turn === number)
    if (mine.some(({ role, author }) => role === 'agent' || author !== null)) break
    if (!goOn(turns.at(-1), mine)) {
      const turn = toTurn(mine)
      // A reminder, an end in a silence, somebody who took it over: from here on more than words decided. So they did where words waited
      // for what another server would say.
      if (turns.length > 0 && (!turn.user || turn.replies.length === 0)) break
      turns.push(turn)
    }
    if (mine.some(({ parts }) => (JSON.parse(parts) as Message['parts']).some(({ type }) => type === 'handoff'))) break
  }
  return turns
}

export function toTurn(rows: readonly StoredMessage[]): PastTurn {
  const user = rows.find(({ role }) => role === 'user')
  return {
    user: user ? { text: user.text, language: user.language, ...choiceIn(JSON.parse(user.parts)) } : null,
    replies: rows.filter(({ role }) => role !== 'user').map(({ text }) => text),
    outside: [],
  }
}

/** Whether these messages go on with a turn, because another server had answered or a wait was over; they are then added to it. */
export function goOn(turn: PastTurn | undefined, rows: readonly StoredMessage[]): boolean {
  // A turn without a word has told of what it began with in the next one that has some.
  if (rows.length === 0) return turn !== undefined
  const { trace } = rows[0]!
  const began = trace === null ? undefined : (JSON.parse(trace) as Trace).began
  if (!turn || !began || rows.some(({ role }) => role === 'user')) return false
  turn.replies.push(...rows.map(({ text }) => text))
  turn.outside.push(...began)
  return true
}
