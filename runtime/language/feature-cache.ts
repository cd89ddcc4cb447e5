import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull } from '#kit'

/** Vectors of texts, found again by encoder hash and text (`keyOfText`). Loss of a file costs time, never correctness. */
export interface FeatureCache {
  get(text: string): Float32Array | undefined
  /** Writes vectors of new texts as one immutable file, unless the disk is full. */
  add(texts: readonly string[], vectors: Float32Array): Promise<void>
}

const magic = 'BLFT0001'
const keyBytes = 16
const maxFiles = 24
const maxBytes = 512 * 1024 * 1024

/** Opens the cache of one encoder in `folder`; files that are torn or of another width are removed. */
export async function openFeatureCache(folder: string, encoderHash: string, width: number): Promise<FeatureCache> {
  const home = join(folder, encoderHash)
  await mkdir(home, { recursive: true })
  await dropOldest(home)
  const known = new Map<string, Float32Array>()
  const files = (await readdir(home)).filter((file) => file.endsWith('.features'))
  for (const file of files) {
    const bytes = await readFile(join(home, file)).catch(() => undefined)
    if (!bytes) continue
    if (!readInto(known, bytes, width)) await rm(join(home, file), { force: true })
  }
  if (files.length > maxFiles) {
    await writeAll(home, known, width)
    for (const file of files) await rm(join(home, file), { force: true })
  }
  return {
    get: (text) => known.get(keyOf(text)),
    async add(texts, vectors) {
      const fresh = new Map<string, Float32Array>()
      for (const [row, text] of texts.entries())
        fresh.set(keyOf(text), vectors.subarray(row * width, (row + 1) * width))
      for (const [key, vector] of fresh) known.set(key, vector)
      await writeAll(home, fresh, width)
    },
  }
}

function keyOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, keyBytes * 2)
}

/** File: magic, count, width, keys, vectors, SHA-256 of all before. */
async function writeAll(home: string, vectors: ReadonlyMap<string, Float32Array>, width: number): Promise<void> {
  if (vectors.size === 0) return
  const body = Buffer.alloc(16 + vectors.size * (keyBytes + width * 4))
  body.write(magic, 0, 'latin1')
  body.writeUInt32LE(vectors.size, 8)
  body.writeUInt32LE(width, 12)
  let row = 0
  for (const [key, vector] of vectors) {
    body.write(key, 16 + row * keyBytes, 'hex')
    Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).copy(
      body,
      16 + vectors.size * keyBytes + row * width * 4,
    )
    row++
  }
  const temporary = join(home, `${randomUUID()}.part`)
  try {
    await writeFile(temporary, Buffer.concat([body, createHash('sha256').update(body).digest()]))
    await rename(temporary, join(home, `${randomUUID()}.features`))
  } catch (error) {
    await rm(temporary, { force: true })
    // A cache that cannot grow is no reason to stop; what must be kept says so where it is written.
    if (!isDiskFull(error)) throw error
  }
}

function readInto(known: Map<string, Float32Array>, bytes: Buffer, width: number): boolean {
  if (bytes.length < 48 || bytes.toString('latin1', 0, 8) !== magic || bytes.readUInt32LE(12) !== width) return false
  const count = bytes.readUInt32LE(8)
  const end = bytes.length - 32
  if (end !== 16 + count * (keyBytes + width * 4)) return false
  if (!createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) return false
  const start = 16 + count * keyBytes
  const copy = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + end)
  const vectors = new Float32Array(copy)
  for (let row = 0; row < count; row++) {
    const key = bytes.toString('hex', 16 + row * keyBytes, 16 + (row + 1) * keyBytes)
    known.set(key, vectors.subarray(row * width, (row + 1) * width))
  }
  return true
}

async function dropOldest(home: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(home)).map(async (file) => {
      const entry = await stat(join(home, file)).catch(() => undefined)
      return { path: join(home, file), size: entry?.size ?? 0, time: entry?.mtimeMs ?? 0 }
    }),
  )
  let total = files.reduce((sum, file) => sum + file.size, 0)
  for (const file of files.sort((a, b) => a.time - b.time)) {
    if (total <= maxBytes) return
    await rm(file.path, { force: true })
    total -= file.size
  }
}
