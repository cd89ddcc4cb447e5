import { BotloomError, type Progress } from '#kit'

/** Share of a limit after which a trial is asked to end with what it has learned so far. */
const finishAfter = 0.9

interface Signals {
  signal: AbortSignal
  /** Asks for an end with what there is. */
  finish: AbortSignal
}

/**
 * Does `work` under signals that also go off by its limit in seconds: near to it `work` is asked to end with what it has, and at the
 * limit it is ended with `trial-too-long`.
 */
export async function within<T>(
  limit: number | null,
  given: Signals,
  work: (signals: Signals) => Promise<T>,
): Promise<T> {
  if (limit === null) return work(given)
  const [soon, late] = [new AbortController(), new AbortController()]
  const timers = [
    setTimeout(() => soon.abort(), limit * 1000 * finishAfter),
    setTimeout(() => late.abort(), limit * 1000),
  ]
  try {
    return await work({
      signal: AbortSignal.any([given.signal, late.signal]),
      finish: AbortSignal.any([given.finish, soon.signal]),
    })
  } catch (error) {
    if (late.signal.aborted && !given.signal.aborted)
      throw new BotloomError('trial-too-long', { seconds: Math.round(limit) }, { cause: error })
    throw error
  } finally {
    for (const timer of timers) clearTimeout(timer)
  }
}

/** Progress of one trial, or of the block between two, as progress of the whole search. */
export function ofSearch(now: Progress, search: { before: number; atMost: number; trial: boolean }): Progress {
  const { secondsLeft: _, ...rest } = now
  const { before, atMost } = search
  return {
    ...rest,
    share: Math.min(1, (before + (search.trial ? now.share : 0)) / atMost),
    ...(search.trial ? { trial: before + 1, trials: atMost } : {}),
  }
}
