import type { Context } from 'hono'
import { type SentFile, shownPictures } from '#kit'

/**
 * A visitor's file as an answer: to be saved, never run. `shown` lets a page of ours show it in place, and only pictures that browsers
 * draw without running anything.
 */
export function sendFile(
  c: Context,
  { name, type, bytes, body }: SentFile & { body: ReadableStream<Uint8Array> },
  { shown = false }: { shown?: boolean } = {},
): Response {
  const inline = shown && shownPictures.includes(type)
  const ascii = name.replace(/[^\w.-]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return c.body(body, 200, {
    'content-type': inline ? type : 'application/octet-stream',
    'content-length': String(bytes),
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=3600',
  })
}
