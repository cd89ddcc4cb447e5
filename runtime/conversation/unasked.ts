import type { UserMessage } from '#kit'
import { hearing } from './hearing.ts'
import { remind } from './silence.ts'
import type { CallOutcome, Turn } from './turn.ts'
import { recover, walk } from './walk.ts'
import { goToListener } from './way.ts'

/** Turns without a word of the visitor, one after the other: a bot that only talks to itself comes to an end. */
export const unaskedCap = 50

/** The time has come that some block waits for; where none does, silence is looked into. */
export async function passTime(turn: Turn): Promise<void> {
  const { session } = turn
  turn.readParameters()
  if (session.status !== 'active' || session.calling) return
  if (session.due === null) return remind(turn)
  session.due = null
  session.began = [...session.began, { type: 'time.passed', block: session.at }]
  await goOn(turn, () => walk(turn, { type: 'time.passed' }))
}

/** An answer of another server, or that there is none; then what the visitor said while it was asked. */
export async function settleCall(turn: Turn, { call, ms, attempts, ...event }: CallOutcome): Promise<void> {
  const { session } = turn
  const { calling, held } = session
  // A person took over meanwhile, or it was settled before.
  if (calling?.id !== call) return
  turn.readParameters()
  session.calling = null
  session.held = []
  session.began = [...session.began, { ...event, block: calling.block, ms, attempts }]
  await goOn(turn, () => walk(turn, event))
  for (const [place, words] of held.entries()) {
    // One of them may have led to another request.
    if (session.calling) {
      session.held = held.slice(place)
      return
    }
    await hearHeld(turn, words)
  }
}

async function goOn(turn: Turn, walkOn: () => Promise<void>): Promise<void> {
  const { session } = turn
  if (++session.unasked > unaskedCap) return recover(turn, 'circled')
  if (turn.knows(session.at)) return walkOn()
  // The block that waited is in this version no more.
  if (goToListener(turn)) return walk(turn, null)
  await recover(turn, 'restarted')
}

async function hearHeld(turn: Turn, words: UserMessage): Promise<void> {
  const { session } = turn
  turn.take(words)
  session.language = words.language
  turn.readParameters()
  turn.visits.clear()
  await hearing(turn, words)
}
