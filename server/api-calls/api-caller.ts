import { setTimeout as sleep } from 'node:timers/promises'
import { BotloomError, type CallAnswer, type CallFailed, type CallRequest, type CallSettled } from '#kit'
import { pickFrom } from '#kit/pick-from.ts'
import type { Outbound, OutboundAnswer } from '#server/outbound/outbound.ts'
import type { BotSecrets } from './bot-secrets.ts'

/** What became of a request; `ms` is all attempts together. */
export type CallResult = (CallSettled | CallFailed) & { ms: number; attempts: number }
export type ApiCaller = ReturnType<typeof createApiCaller>

const firstPause = 500
const longestPause = 5_000

/** Carries out the requests of bots: puts secrets in, tries again where that is allowed, brings back what was asked for. */
export function createApiCaller(deps: { outbound: Pick<Outbound, 'send'>; secrets: Pick<BotSecrets, 'reveal'> }) {
  const { outbound, secrets } = deps

  async function headersOf(workspace: string, bot: string, key: string, request: CallRequest) {
    const headers: Record<string, string> = {}
    for (const { name, value, secret } of request.headers) {
      const hidden = secret === '' ? '' : await secrets.reveal(workspace, bot, secret, request.url)
      headers[name.toLowerCase()] = [value, hidden].filter(Boolean).join(' ')
    }
    if (request.repeatable && request.method !== 'GET') headers['idempotency-key'] = key
    return headers
  }

  return {
    /** One attempt, for who wants to see the whole answer. Throws as `Outbound.send`, and `secret-missing`, `secret-elsewhere`. */
    async once(workspace: string, bot: string, key: string, request: CallRequest): Promise<OutboundAnswer> {
      const { url, method, body, timeout } = request
      const headers = await headersOf(workspace, bot, key, request)
      return outbound.send({ url, method, headers, timeout, ...(body === null ? {} : { body }) })
    },

    /** `key` is the same whenever the same request is sent. Never throws for what the other server, the network or a secret does. */
    async perform(workspace: string, bot: string, key: string, request: CallRequest): Promise<CallResult> {
      const begun = performance.now()
      const result = (event: CallSettled | CallFailed, attempts: number): CallResult => ({
        ...event,
        ms: Math.round(performance.now() - begun),
        attempts,
      })
      for (let attempt = 1; ; attempt++) {
        const last = attempt >= request.attempts
        let pause = Math.min(firstPause * 2 ** (attempt - 1), longestPause)
        try {
          const answer = await this.once(workspace, bot, key, request)
          // Said before anything was done; any other fault of a server may have left something behind.
          const passing = answer.status === 429 || (answer.status === 503 && 'retry-after' in answer.headers)
          const again = passing || (request.repeatable && answer.status >= 500)
          if (last || !again) return result({ type: 'call.settled', ...toAnswer(answer, request) }, attempt)
          const asked = Number(answer.headers['retry-after']) * 1_000
          if (asked > 0) pause = Math.min(asked, longestPause)
        } catch (error) {
          const code = error instanceof BotloomError ? error.code : 'unexpected'
          const unknown = code === 'outbound-lost' || code === 'outbound-timeout'
          const again = code === 'outbound-unreachable' || (unknown && request.repeatable)
          if (last || !again)
            return result(
              { type: 'call.failed', code: unknown && !request.repeatable ? 'outcome-unknown' : code },
              attempt,
            )
        }
        await sleep(pause)
      }
    },
  }
}

function toAnswer(answer: OutboundAnswer, { pick }: CallRequest): CallAnswer {
  return { status: answer.status, picked: pickFrom(answer.body.toString('utf8'), pick) }
}
