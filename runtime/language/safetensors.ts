import { BotloomError } from '#kit'

/** One weight: row-major 32-bit floats, whatever the file held. */
export interface Weight {
  shape: readonly number[]
  data: Float32Array
}
export type Weights = ReadonlyMap<string, Weight>

const floatSizes: Record<string, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 }
const otherSizes: Record<string, number> = { I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 }
const maxHeader = 100_000_000

interface Entry {
  name: string
  dtype: string
  shape: number[]
  begin: number
  end: number
}

/**
 * Reads a safetensors file: 8 bytes little-endian header length, JSON header, tensors without holes.
 * Floating-point tensors come back as float32; integer tensors (position ids) are checked and left out.
 * `source` names the file in errors. Throws `weights-unreadable` when anything in the header lies.
 */
export function parseSafetensors(bytes: Uint8Array, source: string): Map<string, Weight> {
  const fail = (detail: string): never => {
    throw new BotloomError('weights-unreadable', { file: source, detail })
  }
  const { entries, body } = parseHeader(bytes, fail)
  const weights = new Map<string, Weight>()
  for (const entry of entries) {
    if (entry.dtype in floatSizes) weights.set(entry.name, { shape: entry.shape, data: toFloat32(body, entry) })
  }
  return weights
}

/** Float32 tensors as one safetensors file; names are sorted, so equal weights give equal bytes. */
export function toSafetensors(weights: Weights, metadata: Record<string, string> = {}): Uint8Array {
  return Buffer.concat(safetensorsParts(weights, metadata))
}

/** The bytes of `toSafetensors` in order, without a copy of the weights: for files that are written piece by piece. */
export function safetensorsParts(weights: Weights, metadata: Record<string, string> = {}): Uint8Array[] {
  const names = [...weights.keys()].sort()
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const name of names) {
    const weight = weights.get(name)!
    const size = weight.data.byteLength
    header[name] = { dtype: 'F32', shape: weight.shape, data_offsets: [offset, offset + size] }
    offset += size
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  // The body starts at a multiple of 8, as the format recommends; the header is padded with spaces.
  const headerSize = Math.ceil(json.length / 8) * 8
  const head = new Uint8Array(8 + headerSize).fill(0x20, 8)
  new DataView(head.buffer).setBigUint64(0, BigInt(headerSize), true)
  head.set(json, 8)
  const body = names.map((name) => {
    const { data } = weights.get(name)!
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  })
  return [head, ...body]
}

function parseHeader(bytes: Uint8Array, fail: (detail: string) => never): { entries: Entry[]; body: Uint8Array } {
  if (bytes.length < 8) fail('the file is shorter than 8 bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getBigUint64(0, true)
  if (size > BigInt(Math.min(maxHeader, bytes.length - 8))) fail('the header is said to be longer than the file')
  const length = Number(size)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
  } catch {
    fail('the header is not JSON')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) fail('the header is not an object')
  const body = bytes.subarray(8 + length)
  const entries: Entry[] = []
  for (const [name, value] of Object.entries(header as object)) {
    if (name !== '__metadata__') entries.push(parseEntry(name, value, body.length, fail))
  }
  const ordered = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)
  let end = 0
  for (const entry of ordered) {
    if (entry.begin !== end) fail(`the bytes of ${entry.name} overlap another tensor or leave a hole`)
    end = entry.end
  }
  if (end !== body.length) fail('the file is longer or shorter than its tensors')
  return { entries, body }
}

function parseEntry(name: string, value: unknown, bodyLength: number, fail: (detail: string) => never): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string') return fail(`${name} has no type`)
  const size = floatSizes[dtype] ?? otherSizes[dtype]
  if (size === undefined) return fail(`${name} has the unknown type ${dtype}`)
  if (!isCounts(shape) || shape.length > 8) return fail(`${name} has no proper shape`)
  if (!isCounts(offsets) || offsets.length !== 2) return fail(`${name} has no proper place in the file`)
  const [begin, end] = offsets as [number, number]
  const bytes = shape.reduce((product, dimension) => product * dimension, size)
  if (begin > end || end > bodyLength) return fail(`${name} lies outside the file`)
  if (bytes !== end - begin) return fail(`the shape of ${name} does not fit its bytes`)
  return { name, dtype, shape, begin, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0)
}

function toFloat32(body: Uint8Array, entry: Entry): Float32Array {
  // A copy of its own, because a typed array must start at a multiple of its element size (and a Buffer's slice is a view).
  const bytes = new Uint8Array(body.subarray(entry.begin, entry.end))
  if (entry.dtype === 'F32') return new Float32Array(bytes.buffer)
  if (entry.dtype === 'F64') return Float32Array.from(new Float64Array(bytes.buffer))
  const halves = new Uint16Array(bytes.buffer)
  const data = new Float32Array(halves.length)
  if (entry.dtype === 'BF16') {
    const bits = new Uint32Array(data.buffer)
    for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16
    return data
  }
  const table = halfTable()
  for (let i = 0; i < halves.length; i++) data[i] = table[halves[i]!]!
  return data
}

let table: Float32Array | undefined

/** All 65,536 IEEE 754 half floats, so that a model of millions decodes by look-up. */
function halfTable(): Float32Array {
  if (table) return table
  table = new Float32Array(65_536)
  for (let bits = 0; bits < 65_536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24
    else if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  return table
}
