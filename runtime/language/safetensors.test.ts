import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSafetensors, toSafetensors } from './safetensors.ts'

/** A file with any header, true or not. */
function fileOf(header: unknown, body: Uint8Array, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + body.length)
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(body, 8 + json.length)
  return bytes
}

const one = (dtype: string, body: Uint8Array, shape: unknown = [1]): Uint8Array =>
  fileOf({ x: { dtype, shape, data_offsets: [0, body.length] } }, body)

test('what is written is read back, bit for bit', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
        fc.float32Array({ maxLength: 12 }),
      ),
      (tensors) => {
        const weights = new Map(Object.entries(tensors).map(([name, data]) => [name, { shape: [data.length], data }]))
        const read = parseSafetensors(toSafetensors(weights, { made: 'here' }), 'test')
        expect([...read.keys()].sort()).toEqual([...weights.keys()].sort())
        for (const [name, { shape, data }] of weights) {
          expect(read.get(name)!.shape).toEqual(shape)
          expect(new Uint8Array(read.get(name)!.data.buffer)).toEqual(
            new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
          )
        }
      },
    ),
  )
})

test('half floats and bfloat16 become the same numbers in 32 bits', () => {
  const halves = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555])
  const read = parseSafetensors(one('F16', new Uint8Array(halves.buffer), [5]), 'test').get('x')!
  expect([...read.data]).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY, 0.333251953125])
  const brain = new Uint16Array([0x3f80, 0xc049])
  expect([...parseSafetensors(one('BF16', new Uint8Array(brain.buffer), [2]), 'test').get('x')!.data]).toEqual([
    1, -3.140625,
  ])
})

test('integer tensors are checked and left out', () => {
  expect(parseSafetensors(one('I64', new Uint8Array(8)), 'test').size).toBe(0)
})

describe('a header that lies is refused', () => {
  const body = new Uint8Array(8)
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  const hostile: Record<string, Uint8Array> = {
    'shorter than its length field': new Uint8Array(4),
    'longer header than file': fileOf({ x: entry }, body, 1n << 60n),
    'not JSON': fileOf('{"x":', body),
    'not an object': fileOf([entry], body),
    'unknown type': fileOf({ x: { ...entry, dtype: 'F4' } }, body),
    'type from the prototype': fileOf({ x: { ...entry, dtype: 'constructor' } }, body),
    'negative dimension': fileOf({ x: { ...entry, shape: [-2] } }, body),
    'dimensions whose product overflows': fileOf({ x: { ...entry, shape: [2 ** 40, 2 ** 40] } }, body),
    'shape that does not fit its bytes': fileOf({ x: { ...entry, shape: [3] } }, body),
    'bytes outside the file': fileOf({ x: { ...entry, shape: [4], data_offsets: [0, 16] } }, body),
    'offsets in the wrong order': fileOf({ x: { ...entry, data_offsets: [8, 0] } }, body),
    'tensors that overlap': fileOf({ x: entry, y: entry }, body),
    'a hole between tensors': fileOf({ x: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, body),
    'bytes behind the last tensor': fileOf({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, body),
    'no entry at all': fileOf({ x: null }, body),
  }
  test.each(Object.keys(hostile))('%s', (name) => {
    expect(() => parseSafetensors(hostile[name]!, 'bad.safetensors')).toThrow(
      expect.objectContaining({
        code: 'weights-unreadable',
        params: expect.objectContaining({ file: 'bad.safetensors' }),
      }),
    )
  })
})
