import { crc32, deflateRawSync } from 'node:zlib'

/** A zip of texts or bytes by name, as the tools of the world write it. */
export function makeZip(files: Record<string, string | Uint8Array>, options: { locked?: boolean } = {}): Buffer {
  const parts: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const called = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    // Bit 11: the name is UTF-8.
    common.writeUInt16LE(0x800 | (options.locked ? 1 : 0), 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(checksum(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(called.length, 22)
    const head = Buffer.concat([word(0x04034b50), common, called, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    index.push(Buffer.concat([word(0x02014b50), Buffer.from([20, 0]), common, tail, called]))
    parts.push(head)
    at += head.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(index.length, 4)
  end.writeUInt16LE(index.length, 6)
  end.writeUInt32LE(Buffer.concat(index).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...index, word(0x06054b50), end])
}

/** Node has a checksum of its own from 20.15 on; its types say so from 22 on. */
const checksum: (bytes: Uint8Array) => number = crc32

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
