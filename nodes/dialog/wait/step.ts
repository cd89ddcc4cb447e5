import { type ConfigOf, defineStep, type SessionView, type StepResult } from '#kit'
import { instantAfter, isClock, nextClock } from './instant.ts'
import { wait } from './node.ts'

export default defineStep(wait, {
  enter(config, session): StepResult {
    // Who comes back here from a side question has waited a part of it already.
    const known = session.memory.until
    const until = typeof known === 'string' ? known : instantOf(config, session)
    return { wait: true, until, remember: { until } }
  },
  resume(_config, session, event): StepResult {
    if (event.type !== 'user.message') return { leave: 'out', note: { key: 'wait.note.passed' } }
    // Unread: what follows may want the words.
    if (session.connected('message')) return { fit: 'none', leave: 'message', note: { key: 'wait.note.interrupted' } }
    return { fit: 'none', consume: true, leave: 'out', note: { key: 'wait.note.interrupted' } }
  },
})

function instantOf({ mode, amount, unit, clock }: ConfigOf<typeof wait>, { now, timeZone }: SessionView): string {
  if (mode === 'for' || !isClock(clock)) return instantAfter(now, amount, unit)
  return nextClock(now, clock, timeZone)
}
