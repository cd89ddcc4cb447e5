import type { CallAnswer } from '#kit'
import type { CallResult } from './api-caller.ts'

/** What counts as the outcome of a request that is not sent. */
export function sampleOf(sample: CallAnswer | null): CallResult {
  const took = { ms: 0, attempts: 0 }
  return sample ? { type: 'call.settled', ...sample, ...took } : { type: 'call.failed', code: 'call-not-sent', ...took }
}
