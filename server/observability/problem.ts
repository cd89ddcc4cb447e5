import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { BotloomError, errorText, isDiskFull, toFailure } from '#kit'

/** The language of an answer: the first one that the caller names and that we speak. */
export function localeOf(c: Context): 'zh-CN' | 'en' {
  for (const part of (c.req.header('accept-language') ?? '').toLowerCase().split(',')) {
    if (part.trim().startsWith('zh')) return 'zh-CN'
    if (part.trim().startsWith('en')) return 'en'
  }
  return 'en'
}

/** Whatever was thrown as `application/problem+json` (RFC 9457), in the caller's language. Unknown errors are logged. */
export function problemOf(error: unknown, c: Context, log: Logger): Response {
  const known = toKnown(error)
  if (known.status >= 500) log.error({ err: error, path: c.req.path, request: c.get('requestId') }, known.message)
  const text = errorText(known.code, known.params, localeOf(c))
  return c.json(
    {
      type: 'about:blank',
      title: text.message,
      status: known.status,
      code: known.code,
      message: text.message,
      remedy: text.remedy,
      retry: known.retry,
      params: known.params,
      request: c.get('requestId') ?? null,
    },
    // The catalogue holds statuses that carry a body.
    known.status as ContentfulStatusCode,
    { 'content-type': 'application/problem+json' },
  )
}

function toKnown(error: unknown): BotloomError {
  if (error instanceof BotloomError) return error
  if (error instanceof HTTPException && error.status < 500)
    return new BotloomError('invalid-request', { issue: /JSON/.test(error.message) ? 'not-json' : 'not-readable' })
  const state = sqlState(error)
  // Class 22: a value that no database stores, such as NUL in a text or a number beyond its column.
  if (state?.startsWith('22')) return new BotloomError('invalid-request', { issue: 'not-storable' })
  if (state === '53100') return new BotloomError('disk-full', { folder: '' }, { cause: error })
  if (isDiskFull(error)) return new BotloomError('disk-full', toFailure(error).params, { cause: error })
  // What went wrong inside is for the log; the caller gets the request's id to point to it.
  return new BotloomError('unexpected', { detail: error instanceof Error ? error.name : 'error' }, { cause: error })
}

/** The five characters by which PostgreSQL names what went wrong, wherever the driver and drizzle keep them. */
function sqlState(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code
  return null
}
