import { type RunNote, toFailure } from '#kit'
import type { BlockRunner, Clock, RunStore } from './doors.ts'

/**
 * Carries out one queued block: says that it started, runs it, and brings the result home as an event. An attempt that is not
 * current any more (cancelled, taken over, delivered twice) does nothing. Whoever aborts `signal` has said already what becomes of
 * the attempt (a cancelled run), or leaves it to whoever takes the run over (a server that stops): it brings no failure home.
 */
export async function runBlock(
  doors: { store: RunStore; runner: BlockRunner; clock: Clock },
  work: {
    run: string
    node: string
    attempt: number
    shrink: number
    avoid: readonly string[]
    signal: AbortSignal
    finish: AbortSignal
  },
): Promise<void> {
  const { store, runner, clock } = doors
  const { run, node, attempt } = work
  const started = await store.step(run, { type: 'node.started', node, attempt })
  if (!started?.changed) return
  const begin = clock.now().getTime()
  const seconds = (): number => (clock.now().getTime() - begin) / 1000
  // A note is kept before the end that comes after it, for an ended block takes none.
  let noted: Promise<unknown> = Promise.resolve()
  const note = (given: RunNote): void => {
    const event = { type: 'node.noted', node, attempt, note: { ...given, at: clock.now().toISOString() } } as const
    noted = noted.then(() => store.step(run, event))
    // Whoever waits for it below is told; until then it is nobody's.
    noted.catch(() => {})
  }
  try {
    const answer = await runner.run({ ...work, note }).finally(() => noted)
    const at = { node, attempt, seconds: seconds() }
    await store.step(
      run,
      'outputs' in answer ? { type: 'node.settled', ...answer, ...at } : { type: 'node.branched', ...answer, ...at },
    )
  } catch (error) {
    if (work.signal.aborted) return
    await store.step(run, { type: 'node.failed', node, attempt, failure: toFailure(error), seconds: seconds() })
  }
}
