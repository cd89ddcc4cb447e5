import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { BotloomError, errorText } from '#kit'

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
    return new BotloomError('invalid-request', { detail: error.message })
  // What went wrong inside is for the log; the caller gets the request's id to point to it.
  return new BotloomError('unexpected', { detail: error instanceof Error ? error.name : 'error' }, { cause: error })
}
