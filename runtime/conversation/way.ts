import type { StepResult } from '#kit'
import type { Call } from './session.ts'
import type { Turn } from './turn.ts'

/** A block to go on at, and whether it is asked once more what it had asked before. */
export interface Target {
  block: string
  again?: Call
}

/** Enters what follows; false where nothing does. */
export function goTo(turn: Turn, target: Target | null): boolean {
  if (target === null) return false
  const { again, block } = target
  turn.enter(block)
  if (again) {
    turn.session.memory = again.memory ?? {}
    turn.lead = turn.manners?.digress?.back ?? null
  }
  return true
}

/** To the block that last listened to whatever comes; false where there is none. */
export function goToListener(turn: Turn): boolean {
  const { listener } = turn.session
  if (listener === null || !turn.knows(listener)) return false
  turn.enter(listener)
  return true
}

/** What comes after a block that has answered so; null where nothing does. */
export function following(turn: Turn, at: string, { call, jump, leave }: StepResult): Target | null {
  if (jump !== undefined) return jumpTo(turn, at, jump)
  return call ? callDialog(turn, at, call) : after(turn, at, leave!)
}

/** The start of the dialog that a block calls; where that has none, what follows the block. */
function callDialog(turn: Turn, block: string, { dialog, back }: { dialog: string; back: string }): Target | null {
  const start = turn.program.config.meta?.starts[dialog]
  if (start === undefined) return after(turn, block, back)
  const { listener, topic } = turn.session
  turn.session.calls.push({ block, back, listener, topic })
  return { block: start }
}

/** A block anywhere; dialogs that it is not in are left behind. One that is gone is like a port without a wire. */
function jumpTo(turn: Turn, at: string, block: string): Target | null {
  if (!turn.knows(block)) return after(turn, at, 'out')
  const { session, program } = turn
  const { dialog } = program.blocks[block]!
  if (dialog !== program.blocks[at]!.dialog) {
    const inside = session.calls.findLastIndex((call) => program.blocks[call.block]?.dialog === dialog)
    const left = session.calls.splice(Math.max(0, inside))
    if (left[0]) {
      session.listener = left[0].listener
      session.topic = left[0].topic
    }
    leaveAnswers(turn)
  }
  return arrive(turn, block)
}

/** The block behind a port; at the end of a way what waited for that end, or null. */
export function after(turn: Turn, block: string, port: string): Target | null {
  let target = turn.program.follow(block, port)
  while (target === null) {
    const caller = turn.session.calls.pop()
    if (!caller) return null
    const again = comeBack(turn, caller)
    if (again) return again
    if (!turn.knows(caller.block)) continue
    turn.pass(caller.block, caller.back, { key: 'conversation.note.returned' })
    target = turn.program.follow(caller.block, caller.back!)
  }
  return arrive(turn, target)
}

/** A side question that leads back to who listens to everything is answered: what it came between goes on. */
function arrive(turn: Turn, block: string): Target {
  const { session } = turn
  const caller = session.calls.at(-1)
  if (caller?.back !== null || block !== caller.listener || session.pending) return { block }
  session.calls.pop()
  return comeBack(turn, caller) ?? { block }
}

/** What was answered in a dialog that is left can be corrected no more: its way is gone to the end. */
function leaveAnswers({ session }: Turn): void {
  session.answered = session.answered.filter(({ calls }) => calls <= session.calls.length)
}

/** To the block that asks again; null for a call, which is left by its port. */
function comeBack(turn: Turn, caller: Call): Target | null {
  turn.session.listener = caller.listener
  turn.session.topic = caller.topic
  leaveAnswers(turn)
  return caller.back === null && turn.knows(caller.block) ? { block: caller.block, again: caller } : null
}
