import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { ReadableStream as FileStream } from 'node:stream/web'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
/** Vite puts a hash of the content into these names, so they never change. */
const hashed = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/

/** A file below a folder as a response, or null where there is none. A path that leaves the folder finds nothing. */
export async function fileResponse(
  folder: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response | null> {
  let wanted: string
  try {
    wanted = normalize(join(folder, decodeURIComponent(path)))
  } catch {
    return null
  }
  if (!wanted.startsWith(folder + sep) || wanted.includes('\u0000')) return null
  const info = await stat(wanted).catch(() => null)
  if (!info?.isFile()) return null
  // The file is opened by the first read: an answer to HEAD is never read and would leave it open. The web and node types
  // of one stream differ in name only.
  const body = FileStream.from(chunksOf(wanted)) as unknown as ReadableStream
  return new Response(body, {
    headers: {
      'content-type': types[extname(wanted)] ?? 'application/octet-stream',
      'content-length': String(info.size),
      'cache-control': hashed.test(wanted) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'last-modified': info.mtime.toUTCString(),
      ...headers,
    },
  })
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}
