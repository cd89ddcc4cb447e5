import { Agent, buildConnector, request } from 'undici'
import { BotloomError } from '#kit'
import { type AllowList, createConnectPolicy } from './connect-policy.ts'

export interface OutboundRequest {
  url: string
  method: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** Milliseconds for the whole exchange, redirects included. */
  timeout: number
  /** Bytes of an answer's body that are read at most; default 1 MiB. */
  mostBytes?: number
  /** `answer`: one that leads elsewhere is an answer like another; default `follow`. */
  redirects?: 'follow' | 'answer'
  /** `cut`: of a longer body the first bytes are given; default `refuse`. */
  longBody?: 'refuse' | 'cut'
}
export interface OutboundAnswer {
  status: number
  /** Names in lower case; of a repeated one the values joined by a comma. */
  headers: Record<string, string>
  body: Buffer
  /** Milliseconds. */
  ms: number
}
export type Outbound = ReturnType<typeof createOutbound>

const usualBytes = 1_048_576
const mostRedirects = 5
/** Failures before anything was sent: whoever asked may ask again without a doubt. */
const neverSent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * The one way out: every request to an address that a person typed goes through here. Private networks are refused where the
 * connection is made, on each redirect anew; credentials do not follow to another origin. Throws `outbound-address`,
 * `outbound-refused`, `outbound-unreachable` (nothing was sent), `outbound-timeout`, `outbound-lost` (nobody knows what became
 * of it), `outbound-too-large`, `outbound-redirects`.
 */
export function createOutbound({ allow }: { allow: AllowList }) {
  const policy = createConnectPolicy(allow)
  const agent = new Agent({
    connect: (options, callback) => {
      const port = portOf(options)
      buildConnector({ lookup: policy.lookup(port) as never, timeout: 10_000 })(options, callback)
    },
    keepAliveTimeout: 10_000,
    connections: 50,
  })

  async function once(url: URL, given: OutboundRequest, signal: AbortSignal) {
    policy.checkHost(url.hostname, portOf(url))
    const { method, headers, body } = given
    return request(url, {
      dispatcher: agent,
      method: method as 'GET',
      headers: { 'user-agent': 'Botloom', ...headers },
      body: body ?? null,
      signal,
    })
  }

  return {
    /** Whether the operator's list names the host of an address. */
    isNamed: (url: URL): boolean => policy.isNamed(url.hostname, portOf(url)),

    async send(given: OutboundRequest): Promise<OutboundAnswer> {
      const begun = performance.now()
      const signal = AbortSignal.timeout(given.timeout)
      const most = given.mostBytes ?? usualBytes
      let url = parseUrl(given.url)
      let asked = given
      for (let redirects = 0; ; redirects++) {
        if (redirects > mostRedirects) throw new BotloomError('outbound-redirects', { host: url.host })
        try {
          const answer = await once(url, asked, signal)
          const location = given.redirects === 'answer' ? undefined : answer.headers.location
          if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
            await answer.body.dump()
            const next = parseUrl(new URL(location, url).href)
            asked = redirected(asked, answer.statusCode, next.origin === url.origin)
            url = next
            continue
          }
          const chunks: Buffer[] = []
          let size = 0
          for await (const chunk of answer.body) {
            size += chunk.length
            if (size > most) {
              answer.body.destroy()
              if (given.longBody === 'cut') {
                chunks.push(chunk.subarray(0, chunk.length - (size - most)))
                break
              }
              throw new BotloomError('outbound-too-large', { host: url.host, limit: Math.round(most / 1024) })
            }
            chunks.push(chunk)
          }
          const headers: Record<string, string> = {}
          for (const [name, value] of Object.entries(answer.headers))
            if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
          return {
            status: answer.statusCode,
            headers,
            body: Buffer.concat(chunks),
            ms: Math.round(performance.now() - begun),
          }
        } catch (error) {
          throw toOutboundError(error, url.host, given.timeout)
        }
      }
    },

    /** Lets go of connections that are kept open. */
    close: () => agent.close(),
  }
}

function portOf({ port, protocol }: { port?: string | null; protocol?: string }): number {
  return Number(port || (protocol === 'https:' ? 443 : 80))
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    throw new BotloomError('outbound-address', { url: text.slice(0, 200) })
  return url
}

/** What is asked of the next address (RFC 9110, 15.4): a changed method drops the body, another origin gets no credentials. */
function redirected(asked: OutboundRequest, status: number, sameOrigin: boolean): OutboundRequest {
  const becomesGet = status === 303 || ((status === 301 || status === 302) && asked.method === 'POST')
  const dropped = (name: string) =>
    (!sameOrigin && !/^(accept|accept-language|content-type|user-agent)$/i.test(name)) ||
    (becomesGet && /^content-/i.test(name))
  return {
    ...asked,
    method: becomesGet ? 'GET' : asked.method,
    headers: Object.fromEntries(Object.entries(asked.headers ?? {}).filter(([name]) => !dropped(name))),
    body: becomesGet ? undefined : asked.body,
  }
}

function toOutboundError(error: unknown, host: string, timeout: number): unknown {
  if (error instanceof BotloomError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const detail = code || (error instanceof Error ? error.message : String(error))
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return new BotloomError('outbound-timeout', { host, seconds: Math.round(timeout / 100) / 10 })
  if (code === 'BOTLOOM_REFUSED') return new BotloomError('outbound-refused', { host })
  if (
    neverSent.has(code) ||
    code.startsWith('ERR_TLS') ||
    code.startsWith('CERT_') ||
    code.includes('SELF_SIGNED') ||
    code.includes('UNABLE_TO_')
  )
    return new BotloomError('outbound-unreachable', { host, detail })
  if (code === 'ERR_INVALID_ARG_TYPE' || code === 'UND_ERR_INVALID_ARG')
    return new BotloomError('outbound-unreachable', { host, detail })
  return new BotloomError('outbound-lost', { host, detail })
}
