import { setTimeout } from 'node:timers/promises'
import type { ConversationStart, Message, TurnAnswer } from '#server/api/dto.ts'
import { call } from './http.ts'

/** What a simulated visitor says next. `null` ends the conversation, and the visitor opens another one (not counted). */
export type Script = (visitor: number, turn: number, last: Message | undefined) => Words | null
export interface Words {
  text?: string
  choice?: { block: string; value: string }
}
export interface LoadResult {
  turnsPerSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  turns: number
}

/**
 * Visitors, each of whom waits for an answer before it says more. By default the next message follows at once, which tells how much the
 * server can do: there a turn takes visitors / turns a second whatever the server does (Little 1961). With `perSecond` the visitors think
 * between their messages, exponentially long, so that together they say that many a second, and a turn is timed from the moment when it
 * was to be said: who is late for the next one because the last took long counts as waiting. Rejects with the first refusal.
 */
export async function runLoad(
  url: string,
  script: Script,
  options: { visitors?: number; perSecond?: number; warmUp?: number; seconds?: number } = {},
): Promise<LoadResult> {
  const { visitors = 100, perSecond, warmUp = 10, seconds = Number(process.env.BENCH_SECONDS ?? 60) } = options
  const from = performance.now() + warmUp * 1000
  const until = from + seconds * 1000
  const times: number[] = []
  /** The moment of the next message, after the one of the last. */
  const nextAfter = (last: number): number =>
    perSecond === undefined ? performance.now() : last - Math.log(1 - Math.random()) * (visitors / perSecond) * 1000
  const visit = async (visitor: number): Promise<void> => {
    let turn = 0
    let due = nextAfter(performance.now())
    while (performance.now() < until) {
      const { body: started } = await expectStatus<ConversationStart>(
        201,
        call('POST', `${url}/v1/bots/little-boat-shop/conversations`, { language: 'zh-CN' }),
      )
      const bearer = { authorization: `Bearer ${started.token}` }
      let last = started.messages.at(-1)
      // Opening a conversation is no turn: what it took is nobody's delay.
      due = Math.max(due, performance.now())
      while (performance.now() < until) {
        const words = script(visitor, turn, last)
        if (!words) break
        const early = due - performance.now()
        if (early > 0) await setTimeout(early)
        const sent = perSecond === undefined ? performance.now() : due
        due = nextAfter(due)
        const message = { id: `m${turn++}`, ...words }
        const path = `${url}/v1/conversations/${started.conversationId}/messages`
        const { body } = await expectStatus<TurnAnswer>(200, call('POST', path, message, bearer))
        const answered = performance.now()
        if (answered >= from && answered < until) times.push(answered - sent)
        last = body.messages.at(-1)
      }
    }
  }
  await Promise.all(Array.from({ length: visitors }, (_, visitor) => visit(visitor)))
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
  return {
    turns: times.length,
    turnsPerSecond: times.length / seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
  }
}

async function expectStatus<T>(
  status: number,
  answer: Promise<{ status: number; body: unknown; cookies: string[] }>,
): Promise<{ body: T }> {
  const got = await answer
  if (got.status !== status) throw new Error(`${got.status} instead of ${status}: ${JSON.stringify(got.body)}`)
  return { body: got.body as T }
}
