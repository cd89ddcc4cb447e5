import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { BotloomError } from '#kit'

interface Entry {
  /** In the archive, with `/` between folders. */
  name: string
  crc: number
  size: number
  offset: number
}

/** Sizes and places take 32 bits in the plain form of a zip. */
const largest = 2 ** 32 - 1
/** Bit 3: sizes and checksum come behind the bytes. Bit 11: names are UTF-8. */
const flags = 0x0808
/** 1980-01-01, the first day that the format knows: the same folder gives the same bytes. */
const day = 0x0021

/**
 * The files of a folder as a zip (PKWARE APPNOTE 6.3, stored), read while it is sent; weights do not shrink, so nothing is compressed.
 * Rejects with `too-large-to-pack` before the first byte where the plain form cannot hold it.
 */
export async function zipFolder(folder: string, under: string): Promise<Readable> {
  const files: { path: string; name: string }[] = []
  let whole = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    whole += (await stat(path)).size
    files.push({ path, name: `${under}/${path.slice(folder.length + 1).replaceAll('\\', '/')}` })
  }
  if (whole > largest - 2 ** 20) throw new BotloomError('too-large-to-pack', { folder })
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  return Readable.from(parts(files))
}

async function* parts(files: readonly { path: string; name: string }[]): AsyncGenerator<Buffer> {
  const entries: Entry[] = []
  let offset = 0
  for (const { path, name } of files) {
    const entry: Entry = { name, crc: 0, size: 0, offset }
    const head = Buffer.concat([numbers([0x04034b50, 4], [20, 2], ...about(null)), lengths(name), Buffer.from(name)])
    yield head
    for await (const chunk of createReadStream(path)) {
      entry.crc = crc32(chunk, entry.crc)
      entry.size += chunk.length
      yield chunk
    }
    const behind = numbers([0x08074b50, 4], [entry.crc, 4], [entry.size, 4], [entry.size, 4])
    yield behind
    offset += head.length + entry.size + behind.length
    entries.push(entry)
  }
  let index = 0
  for (const entry of entries) {
    const line = Buffer.concat([
      numbers([0x02014b50, 4], [20, 2], [20, 2], ...about(entry)),
      lengths(entry.name),
      numbers([0, 2], [0, 2], [0, 2], [0, 4], [entry.offset, 4]),
      Buffer.from(entry.name),
    ])
    index += line.length
    yield line
  }
  yield numbers([0x06054b50, 4], [0, 4], [entries.length, 2], [entries.length, 2], [index, 4], [offset, 4], [0, 2])
}

/** Flags, method, time, day, checksum, size twice; what is not known yet is zero. */
function about(entry: Entry | null): [number, number][] {
  const { crc, size } = entry ?? { crc: 0, size: 0 }
  return [
    [flags, 2],
    [0, 2],
    [0, 2],
    [day, 2],
    [crc, 4],
    [size, 4],
    [size, 4],
  ]
}

/** Of the name, and of what else may come behind it. */
const lengths = (name: string): Buffer => numbers([Buffer.byteLength(name), 2], [0, 2])

/** Little-endian numbers, each with its length in bytes. */
function numbers(...given: [value: number, bytes: number][]): Buffer {
  const buffer = Buffer.alloc(given.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of given) at = buffer.writeUIntLE(value, at, bytes)
  return buffer
}
