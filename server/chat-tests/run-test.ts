import { firstDifference } from '#runtime/conversation/expected-replies.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import type { Session } from '#runtime/conversation/session.ts'
import type { TurnEvent } from '#runtime/conversation/turn.ts'
import type { ChatTest, TestDifference, TestResult } from '#server/api/dto.ts'
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
    const result = await runTurn(session, event, { program, classify, retrieve, now: test.now, seed })
    session = result.session
    const texts = saidIn(result).map(({ text }) => text)
    said.push(texts)
    const other = firstDifference(expected, texts)
    if (other) difference ??= { turn, expected: expected.replies[other.reply] ?? null, ...other }
  }
  return { passed: difference === null, difference, said }
}
