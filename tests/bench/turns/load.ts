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

/** Visitors in a closed loop: each sends the next message as soon as the last one was answered. Rejects with the first refusal. */
export async function runLoad(
  url: string,
  script: Script,
  options: { visitors?: number; warmUp?: number; seconds?: number } = {},
): Promise<LoadResult> {
  const { visitors = 100, warmUp = 10, seconds = Number(process.env.BENCH_SECONDS ?? 60) } = options
  const from = performance.now() + warmUp * 1000
  const until = from + seconds * 1000
  const times: number[] = []
  const visit = async (visitor: number): Promise<void> => {
    let turn = 0
    while (performance.now() < until) {
      const { body: started } = await expectStatus<ConversationStart>(
        201,
        call('POST', `${url}/v1/bots/little-boat-shop/conversations`, { language: 'zh-CN' }),
      )
      const bearer = { authorization: `Bearer ${started.token}` }
      let last = started.messages.at(-1)
      while (performance.now() < until) {
        const words = script(visitor, turn, last)
        if (!words) break
        const sent = performance.now()
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
