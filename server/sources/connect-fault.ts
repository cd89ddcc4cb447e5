import { BotloomError } from '#kit'

const unreachable = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
])

/** What a failure of the network below a database means; null where it is of the database itself. `open`: there was a connection. */
export function connectFault(error: unknown, host: string, open: boolean): BotloomError | null {
  if (error instanceof BotloomError) return error
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  const detail = code || (first instanceof Error ? first.message : String(first)).slice(0, 200)
  if (code === 'BOTLOOM_REFUSED') return new BotloomError('outbound-refused', { host })
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|EPROTO)|SELF_SIGNED|UNABLE_TO_/u.test(code))
    return new BotloomError('source-tls', { host, detail })
  if (unreachable.has(code))
    return new BotloomError(open ? 'source-lost' : 'source-unreachable', { host, detail }, { cause: error })
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new BotloomError(open ? 'source-lost' : 'source-unreachable', { host, detail }, { cause: error })
  return null
}
