import { closedNote, ownNotes } from './trace.ts'
import type { Turn, Wake } from './turn.ts'

/** Nothing was said for a while: first a reminder, then the end. */
export function remind(turn: Turn): void {
  const { session, manners } = turn
  if (silenceOf(turn) === null || !manners) return
  const { remind, close } = manners.silence
  const first = session.reminders === 0 && remind !== null
  session.reminders++
  turn.trace.begin(null, true)
  // What is said again on request is the question, not the reminder of it.
  turn.repeated = true
  turn.say([{ type: 'text', text: (first ? remind : close!).say }])
  turn.pass(session.at, null, { key: first ? `${ownNotes}reminded` : closedNote })
  if (first) return
  session.status = 'ended'
  session.memory = {}
}

/** When time that passes without a word makes a difference. */
export function wakeOf(turn: Turn): Wake | null {
  const { session, now } = turn
  if (session.status !== 'active' || session.calling) return null
  if (session.due !== null) return { at: session.due, why: 'block' }
  const minutes = silenceOf(turn)
  return minutes === null ? null : { at: new Date(Date.parse(now) + minutes * 60_000).toISOString(), why: 'silence' }
}

/** Minutes of silence that are looked into; null where none is. Only who was asked for something is reminded of it: who got an answer may well be silent. */
function silenceOf(turn: Turn): number | null {
  const { session, manners } = turn
  if (!manners || session.status !== 'active' || session.at === session.listener || !turn.knows(session.at)) return null
  const { remind, close } = manners.silence
  return (session.reminders === 0 ? (remind ?? close) : close)?.minutes ?? null
}
