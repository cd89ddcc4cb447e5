import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BotloomError, isDiskFull } from '#kit'

/**
 * Streams bytes to a file of a folder, which is made where it is missing; the file is there whole or not at all. Throws
 * `data-too-large` for more than `limit` bytes, and `disk-full`.
 */
export async function writeStream(given: {
  folder: string
  name: string
  body: ReadableStream<Uint8Array> | Uint8Array
  limit: number
}): Promise<{ bytes: number; hash: string }> {
  const { folder, name, body, limit } = given
  const hash = createHash('sha256')
  let bytes = 0
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      hash.update(chunk)
      if (bytes > limit) done(new BotloomError('data-too-large', { limit: Math.floor(limit / 1_048_576) }))
      else done(null, chunk)
    },
  })
  try {
    const source =
      body instanceof Uint8Array
        ? Readable.from([Buffer.from(body)])
        : Readable.fromWeb(body as import('node:stream/web').ReadableStream)
    await pipeline(source, counted, createWriteStream(`${path}.part`, { mode: 0o600 }))
    await rename(`${path}.part`, path)
  } catch (error) {
    await rm(`${path}.part`, { force: true })
    if (isDiskFull(error)) throw new BotloomError('disk-full', { folder })
    throw error
  }
  return { bytes, hash: hash.digest('hex') }
}
