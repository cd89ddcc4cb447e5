import type { Turn } from './turn.ts'

/** Nothing was said for a while: first a reminder, then the end. */
export function remind(turn: Turn): void {
  const { session, manners } = turn
  turn.readParameters()
  if (silenceOf(turn) === null || !manners) return
  const { remind, close } = manners.silence
  const first = session.reminders === 0 && remind !== null
  session.reminders++
  turn.trace.begin(null, true)
  // What is said again on request is the question, not the reminder of it.
  turn.repeated = true
  turn.say([{ type: 'text', text: (first ? remind : close!).say }])
  turn.pass(session.at, null, { key: `conversation.note.${first ? 'reminded' : 'closed'}` })
  if (first) return
  session.status = 'ended'
  session.memory = {}
}

/** Minutes of silence that are looked into; null where none is. Only who was asked for something is reminded of it: who got an answer may well be silent. */
export function silenceOf(turn: Turn): number | null {
  const { session, manners } = turn
  if (!manners || session.status !== 'active' || session.at === session.listener || !turn.knows(session.at)) return null
  const { remind, close } = manners.silence
  return (session.reminders === 0 ? (remind ?? close) : close)?.minutes ?? null
}
