import type { StepEvent, StepResult } from '#kit'
import { wordsOf } from './trace.ts'
import { notice, type Turn } from './turn.ts'
import { following, goTo, goToListener, type Target } from './way.ts'

/**
 * Hops in one turn, and visits of one block in one turn: a graph may run in circles, a turn may not. Both are counted anew where a block
 * makes progress, such as with the next item of a list; all hops of a turn are held to `longTurnCap`, whatever the blocks say of themselves.
 */
export const turnCap = 60
export const loopCap = 8
export const longTurnCap = 2000
/** Dialogs that may be inside of each other: one that goes through itself must end. */
export const callCap = 20

/**
 * Walks from block to block until one waits: from the one that it is at, which `event` resumes and null enters, or from `target`
 * (`null` in it: nothing follows).
 */
export async function walk(turn: Turn, event: StepEvent | null, target?: Target | null): Promise<void> {
  let next = event
  if (target === undefined) turn.trace.begin(wordsOf(event, turn.session.pending), event !== null)
  else if (!goTo(turn, target)) return rest(turn)
  for (let hops = 0, idle = 0; ; hops++, idle++) {
    const { at } = turn.session
    const block = turn.program.blocks[at]!
    const visits = (turn.visits.get(at) ?? 0) + (next === null ? 1 : 0)
    turn.visits.set(at, visits)
    if (hops >= longTurnCap || idle >= turnCap || visits > loopCap) return recover(turn, 'circled')
    let result: StepResult
    try {
      const view = turn.view(at)
      // A block that waits without a way to be woken would be deaf; it is left by its first door instead.
      result =
        next === null
          ? block.step.enter(block.config, view)
          : (block.step.resume?.(block.config, view, next) ?? { leave: 'out' })
    } catch {
      return recover(turn, 'restarted')
    }
    turn.apply(result)
    if (result.progress) {
      idle = 0
      turn.visits.clear()
    }
    if (result.effect?.type === 'classify') {
      turn.session.listener = at
      next = await turn.judge(at, result.effect.text)
      continue
    }
    if (result.effect?.type === 'retrieve') {
      // Who tells topics apart goes on listening; where nobody does, who knows answers hears what is said next.
      turn.session.listener ??= at
      next = await turn.lookUp(at, result.effect.text)
      continue
    }
    // A block that asks the model is still the same stop on the way.
    turn.pass(at, result.leave ?? null, result.note, result.missed)
    if (result.effect?.type === 'call') return turn.call(result.effect.request)
    if (result.effect) turn.outbox.push({ ...result.effect, block: at })
    if (result.end) {
      turn.ended = true
      turn.session.status = result.end === 'handoff' ? 'handoff' : 'ended'
      turn.session.memory = {}
      return
    }
    const goesOn = [result.call, result.leave, result.jump].some((way) => way !== undefined)
    if (!goesOn) return
    if (result.call && turn.session.calls.length >= callCap) return recover(turn, 'circled')
    if (!goTo(turn, following(turn, at, result))) {
      // Words that woke it and that it left unread are for whoever listens.
      const unread = next?.type === 'user.message' && turn.session.pending !== null
      if (!unread || !goToListener(turn)) return rest(turn)
    }
    next = null
  }
}

/** From the start, with nothing of the round before. */
export async function begin(turn: Turn): Promise<void> {
  const { session } = turn
  session.calls = []
  session.answered = []
  session.topic = null
  turn.forgetPlaces()
  // A new round asks anew: an order number of the last one would be the wrong one.
  turn.forget(session.asked)
  session.asked = []
  turn.enter(turn.program.config.initial)
  await walk(turn, null)
}

/** A branch that ends nowhere goes back to where the visitor was last listened to; without one the conversation ends. */
function rest(turn: Turn): void {
  if (!goToListener(turn)) turn.session.status = 'ended'
  turn.session.pending = null
}

/** Says that something went wrong and begins anew; a second fault in one turn ends the conversation quietly. */
export async function recover(turn: Turn, reason: 'restarted' | 'circled'): Promise<void> {
  const { session } = turn
  if (turn.recovered) {
    session.status = 'ended'
    session.pending = null
    return
  }
  turn.recovered = true
  const { at } = session
  session.pending = null
  session.at = turn.program.config.initial
  turn.say([notice(reason)])
  turn.pass(at, null, { key: `conversation.note.${reason}` })
  if (reason === 'circled') {
    session.status = 'ended'
    session.memory = {}
  } else await begin(turn)
}
