import type { CallOutcome } from '#runtime/conversation/turn.ts'
import type { Message } from '#server/api/dto.ts'
import type { ApiCaller, CallResult } from '#server/api-calls/api-caller.ts'
import { sampleOf } from '#server/api-calls/sample-of.ts'
import type { ConversationRows, TakenCall } from './conversation-rows.ts'

/** Milliseconds for the longest request with all its attempts, and some more for what is saved of it. */
const mostCall = 4 * 65_000
const leaseSpare = 10_000

/** Who asks, and what for: what is known of a conversation that waits for another server. */
interface Asking {
  workspace: string
  bot: string
  isTry: boolean
  parsed: { calling: { id: number } | null; called: number } | null
}

/**
 * Carries out the requests of conversations, each by whoever takes it on first. `settle` is the turn that the outcome begins; null where it
 * could not be saved, and then the request stays open for whoever comes after the lease.
 */
export function createOutsideCalls(deps: {
  rows: Pick<ConversationRows, 'takeCall' | 'settleCalls'>
  calls: Pick<ApiCaller, 'perform'>
  now: () => Date
  hold: (id: string) => Promise<Asking>
  settle: (id: string, outcome: CallOutcome) => Promise<Message[] | null>
}) {
  const { rows, calls, now, hold, settle } = deps

  function outcomeOf({ id, request, again }: TakenCall, { workspace, bot, isTry }: Asking): Promise<CallResult> {
    if (isTry && request.tries === 'sample') return Promise.resolve(sampleOf(request.sample))
    if (again && !request.repeatable)
      return Promise.resolve({ type: 'call.failed', code: 'outcome-unknown', ms: 0, attempts: 0 })
    return calls.perform(workspace, bot, id, request)
  }

  return {
    /** The request that a conversation waits for, and those that follow it; the answer is what was said meanwhile. */
    async carryOut(id: string): Promise<Message[]> {
      const messages: Message[] = []
      for (;;) {
        const asking = await hold(id)
        const calling = asking.parsed?.calling
        const at = now()
        if (!calling) {
          // Nobody waits for them any more: they are settled, or a person has taken over.
          if (asking.parsed && asking.parsed.called > 0)
            await rows.settleCalls(id, asking.parsed.called, at.toISOString())
          return messages
        }
        const lease = new Date(at.getTime() + mostCall + leaseSpare)
        const taken = await rows.takeCall(id, calling.id, at.toISOString(), lease.toISOString())
        if (!taken) return messages
        const outcome = await outcomeOf(taken, asking)
        messages.push(...((await settle(id, { ...outcome, call: calling.id })) ?? []))
      }
    },
  }
}
