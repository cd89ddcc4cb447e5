import { firstDifference } from '#runtime/conversation/expected-replies.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import type { Session, TurnCause } from '#runtime/conversation/session.ts'
import type { TurnDeps, TurnEvent, TurnResult } from '#runtime/conversation/turn.ts'
import type { ChatTest, TestDifference, TestResult } from '#server/api/dto.ts'
import { sampleOf } from '#server/api-calls/sample-of.ts'
import type { Talker } from '#server/conversations/program-cache.ts'
import { saidIn } from '#server/conversations/said-in.ts'
import { withVariables } from '#server/conversations/with-variables.ts'

/**
 * Holds a test's conversation with the engine that visitors talk to, in memory and at the test's own instant: nothing is
 * stored, nobody is called, no figure counts it. `seed`: what lots are drawn from.
 */
export async function runTest(
  test: ChatTest,
  { program, classify, retrieve }: Talker,
  seed = test.now,
): Promise<Omit<TestResult, 'at'>> {
  let session: Session | null = null
  let difference: TestDifference | null = null
  const said: string[][] = []
  for (const [turn, expected] of test.turns.entries()) {
    if (session && expected.set) session = withVariables(session, expected.set)
    const event: TurnEvent = expected.user
      ? { type: 'user.message', id: `test_${turn}`, ...expected.user }
      : { type: 'conversation.started', language: test.language }
    const results = await runWhole(
      session,
      event,
      { program, classify, retrieve, now: test.now, seed },
      expected.outside ?? [],
    )
    session = results.at(-1)!.session
    const texts = results.flatMap((result) => saidIn(result).map(({ text }) => text))
    said.push(texts)
    const other = firstDifference(expected, texts)
    if (other) difference ??= { turn, expected: expected.replies[other.reply] ?? null, ...other }
  }
  return { passed: difference === null, difference, said }
}

/** A turn and those that go on with it: what was asked of other servers is answered as it was then, or by the block's sample. */
async function runWhole(
  before: Session | null,
  event: TurnEvent,
  deps: TurnDeps,
  outside: readonly TurnCause[],
): Promise<TurnResult[]> {
  const left = [...outside]
  const results = [await runTurn(before, event, deps)]
  for (;;) {
    const last = results.at(-1)!
    const next = nextCause(last, left)
    if (!next) return results
    results.push(await runTurn(last.session, next, deps))
  }
}

/** What comes after a turn without a word of the visitor; null where nothing does. Takes what it uses away from `left`. */
function nextCause({ session, outbox }: TurnResult, left: TurnCause[]): TurnEvent | null {
  const { calling, at, due } = session
  if (calling) {
    const place = left.findIndex((cause) => cause.type !== 'time.passed' && cause.block === calling.block)
    const [known] = place < 0 ? [] : left.splice(place, 1)
    if (known && known.type !== 'time.passed') return { ...known, call: calling.id }
    const asked = outbox.find((entry) => entry.type === 'call' && entry.id === calling.id)
    return { ...sampleOf(asked?.type === 'call' ? asked.request.sample : null), call: calling.id }
  }
  const place = left.findIndex(({ type, block }) => type === 'time.passed' && block === at)
  if (due === null || place < 0) return null
  left.splice(place, 1)
  return { type: 'time.passed' }
}
