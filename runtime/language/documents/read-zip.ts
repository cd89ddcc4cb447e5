import { inflateRawSync } from 'node:zlib'

/** A zip that lies about itself, is cut off, or holds more than it may. */
export class ZipFault extends Error {
  readonly tooLarge: boolean
  constructor(message: string, tooLarge = false) {
    super(message)
    this.tooLarge = tooLarge
  }
}

const endOfIndex = 0x06054b50
const indexEntry = 0x02014b50
/** A comment of the archive may stand behind its end. */
const longestComment = 65_535

/**
 * One file out of a zip (PKWARE APPNOTE 6.3), null where it has none of that name. Never unfolds more than `limit` bytes, whatever
 * the archive says of itself. Throws `ZipFault`.
 */
export function readZipFile(bytes: Buffer, name: string, limit: number): Buffer | null {
  const end = findEnd(bytes)
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== indexEntry) throw new ZipFault('its index is torn')
    const nameLength = bytes.readUInt16LE(at + 28)
    if (bytes.toString('utf8', at + 46, at + 46 + nameLength) === name) return unfold(bytes, at, limit)
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return null
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - 22 - longestComment)
  for (let at = bytes.length - 22; at >= first; at--) if (bytes.readUInt32LE(at) === endOfIndex) return at
  throw new ZipFault('it is cut off')
}

function unfold(bytes: Buffer, entry: number, limit: number): Buffer {
  const method = bytes.readUInt16LE(entry + 10)
  const size = bytes.readUInt32LE(entry + 20)
  const head = bytes.readUInt32LE(entry + 42)
  if (head + 30 > bytes.length) throw new ZipFault('its index is torn')
  const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28)
  if (from + size > bytes.length) throw new ZipFault('it is cut off')
  const packed = bytes.subarray(from, from + size)
  if (method === 0) {
    if (size > limit) throw new ZipFault('too large', true)
    return packed
  }
  if (method !== 8) throw new ZipFault(`packed in a way (${method}) that is not read`)
  try {
    return inflateRawSync(packed, { maxOutputLength: limit })
  } catch (error) {
    const tooLarge = error instanceof RangeError
    throw new ZipFault(tooLarge ? 'too large' : 'its bytes are damaged', tooLarge)
  }
}
