import { createInflateRaw, inflateRawSync } from 'node:zlib'

/** A zip that lies about itself, is cut off, is locked, or holds more than it may. */
export class ZipFault extends Error {
  readonly tooLarge: boolean
  constructor(message: string, tooLarge = false) {
    super(message)
    this.tooLarge = tooLarge
  }
}

/** A file of a zip, by its index. Its name is only to be compared: it may be anything, `../` included. */
export interface ZipEntry {
  name: string
  /** 0 stored, 8 deflated. */
  method: number
  packed: number
  /** Where its own header begins. */
  head: number
  locked: boolean
}

const endOfIndex = 0x06054b50
const wideEndOfIndex = 0x06064b50
const wideLocator = 0x07064b50
const indexEntry = 0x02014b50
/** A comment of the archive may stand behind its end. */
const longestComment = 65_535
const wide32 = 0xffffffff
/** Sheets and texts fold to a fortieth at best; what unfolds to more than this many times its size was made to. */
const steepest = 250
const steepFrom = 32 * 2 ** 20

/** What a zip (PKWARE APPNOTE 6.3, zip64 included) says that it holds, folders left out. Throws `ZipFault`. */
export function zipEntries(bytes: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = []
  let { at, count } = findIndex(bytes)
  for (; count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== indexEntry) throw new ZipFault('its index is torn')
    const flags = bytes.readUInt16LE(at + 8)
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    if (extraEnd > bytes.length) throw new ZipFault('its index is torn')
    const name = nameOf(bytes.subarray(at + 46, nameEnd))
    if (!name.endsWith('/'))
      entries.push({
        name,
        method: bytes.readUInt16LE(at + 10),
        locked: (flags & 1) === 1,
        ...placeOf(bytes, at, bytes.subarray(nameEnd, extraEnd)),
      })
    at = extraEnd + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/**
 * One file out of a zip, null where it has none of that name. Never unfolds more than `limit` bytes, whatever the archive says of
 * itself. Throws `ZipFault`.
 */
export function readZipFile(bytes: Buffer, name: string, limit: number): Buffer | null {
  const entry = zipEntries(bytes).find((one) => one.name === name)
  return entry ? unfoldEntry(bytes, entry, limit) : null
}

export function unfoldEntry(bytes: Buffer, entry: ZipEntry, limit: number): Buffer {
  const packed = packedOf(bytes, entry)
  if (entry.method === 0) {
    if (packed.length > limit) throw new ZipFault('too large', true)
    return packed
  }
  try {
    return inflateRawSync(packed, { maxOutputLength: limit })
  } catch (error) {
    const tooLarge = error instanceof RangeError
    throw new ZipFault(tooLarge ? 'too large' : 'its bytes are damaged', tooLarge)
  }
}

/** The same a piece at a time, for files that are larger unfolded than memory is. */
export async function* streamEntry(bytes: Buffer, entry: ZipEntry, limit: number): AsyncGenerator<Buffer> {
  const packed = packedOf(bytes, entry)
  if (entry.method === 0) {
    for (let at = 0; at < packed.length; at += pieceSize) yield packed.subarray(at, at + pieceSize)
    return
  }
  const inflate = createInflateRaw({ chunkSize: pieceSize })
  inflate.end(packed)
  let unfolded = 0
  try {
    for await (const piece of inflate) {
      unfolded += (piece as Buffer).length
      if (unfolded > limit || (unfolded > steepFrom && unfolded > packed.length * steepest))
        throw new ZipFault('too large', true)
      yield piece as Buffer
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new ZipFault('its bytes are damaged')
    throw error
  } finally {
    inflate.destroy()
  }
}
const pieceSize = 256 * 1024

function findIndex(bytes: Buffer): { at: number; count: number } {
  const first = Math.max(0, bytes.length - 22 - longestComment)
  let end = bytes.length - 22
  while (end >= first && bytes.readUInt32LE(end) !== endOfIndex) end--
  if (end < first) throw new ZipFault('it is cut off')
  const count = bytes.readUInt16LE(end + 10)
  const at = bytes.readUInt32LE(end + 16)
  if ((count !== 0xffff && at !== wide32) || end < 20 || bytes.readUInt32LE(end - 20) !== wideLocator)
    return { at, count }
  const wide = Number(bytes.readBigUInt64LE(end - 12))
  if (wide + 56 > bytes.length || bytes.readUInt32LE(wide) !== wideEndOfIndex) throw new ZipFault('its index is torn')
  return { count: Number(bytes.readBigUInt64LE(wide + 32)), at: Number(bytes.readBigUInt64LE(wide + 48)) }
}

/** Sizes that do not fit into 32 bits stand in an extra field, in this order and only those that do not fit. */
function placeOf(bytes: Buffer, at: number, extra: Buffer): { packed: number; head: number } {
  const size = bytes.readUInt32LE(at + 24)
  let packed = bytes.readUInt32LE(at + 20)
  let head = bytes.readUInt32LE(at + 42)
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue
    let next = field + 4
    const take = (): number => {
      if (next + 8 > extra.length) throw new ZipFault('its index is torn')
      next += 8
      return Number(extra.readBigUInt64LE(next - 8))
    }
    if (size === wide32) take()
    if (packed === wide32) packed = take()
    if (head === wide32) head = take()
    break
  }
  return { packed, head }
}

function packedOf(bytes: Buffer, { method, packed, head, locked }: ZipEntry): Buffer {
  if (locked) throw new ZipFault('it has a password')
  if (method !== 0 && method !== 8) throw new ZipFault(`packed in a way (${method}) that is not read`)
  if (head + 30 > bytes.length) throw new ZipFault('its index is torn')
  const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28)
  if (from + packed > bytes.length) throw new ZipFault('it is cut off')
  return bytes.subarray(from, from + packed)
}

/** Windows in China writes names in GB18030 and does not say so. Old writers part folders with a backslash. */
function nameOf(bytes: Buffer): string {
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    name = new TextDecoder('gb18030').decode(bytes)
  }
  return name.replaceAll('\\', '/')
}
