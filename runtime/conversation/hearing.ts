import type { UserMessage } from '#kit'
import { hear, hearAnew, land, receive } from './hear.ts'
import { notice, type Turn } from './turn.ts'

/** What a visitor's words lead to, by where the conversation is. Nobody who says something is met with silence. */
export async function hearing(turn: Turn, user: UserMessage): Promise<void> {
  const { session } = turn
  const { length } = turn.messages
  if (await receive(turn, user)) return
  if (session.status === 'active') await (turn.knows(session.at) ? hear : land)(turn, user)
  else if (session.status !== 'handoff') await hearAnew(turn, user)
  // But for who talks with a person, has come to the end, or is about to hear what another server says.
  const mayBeSilent = session.status === 'handoff' || turn.ended || session.calling !== null
  if (turn.messages.length === length && !mayBeSilent) turn.say([notice('unanswered')])
}
