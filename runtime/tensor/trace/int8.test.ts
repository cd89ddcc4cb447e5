import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { HostTensors, Program } from '../executor.ts'
import { runProgram } from '../fixtures/compare.ts'
import { randomFloats } from '../fixtures/encoder.ts'
import { fresh, onnx, seed } from '../fixtures/oracle.ts'
import { floats, ints } from '../host-tensor.ts'
import { readModel } from '../onnx/model.ts'
import { embed } from '../ops/embed.ts'
import { linear } from '../ops/linear.ts'
import { quantizeRows } from './int8.ts'
import { traceProgram } from './program.ts'

describe(`weights of 8 bits (seed ${seed})`, () => {
  const next = fresh()
  const [rows, inner, outer] = [5, 300, 40]
  const constants: HostTensors = { w: randomFloats([outer, inner], next, 1), b: randomFloats([outer], next, 1) }
  const program: Program = (t) => ({ y: linear(t.x!, t.w!, t.b!, { transposed: true }) })
  const spec = { x: { shape: ['rows', inner], dtype: 'float32' } } as const
  const int8 = new Set(['w'])
  const product = (x: HostTensors['x'], given = constants, chosen = int8) =>
    runProgram(onnx, program, { x: x! }, { constants: given, int8: chosen }).then(({ y }) => y!)
  const errorOf = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let wrong = 0
    let all = 0
    for (let i = 0; i < b.length; i++) {
      wrong += (a[i]! - b[i]!) ** 2
      all += b[i]! ** 2
    }
    return Math.sqrt(wrong / all)
  }

  it('are each within half a step of the weight that they stand for, whatever the size of their row', () => {
    const weight = floats([2, 4], [1, -2, 0.5, 2, 0.001, 0.002, -0.002, 0])
    const { values, scales } = quantizeRows(weight)
    for (let i = 0; i < 8; i++)
      expect(Math.abs(values[i]! * scales[i >> 2]! - weight.data[i]!)).toBeLessThanOrEqual(scales[i >> 2]! / 2 + 1e-9)
    expect([...quantizeRows(weight, true).values]).toEqual([0, 4, 1, 5, 2, 6, 3, 7].map((i) => values[i]))
    expect([...quantizeRows(floats([1, 2])).values]).toEqual([0, 0])
  })

  it('multiply to what the weights themselves give, but for a hundredth', async () => {
    const x = randomFloats([rows, inner], next, 3)
    const exact = await product(x, constants, new Set())
    const short = await product(x)
    expect(errorOf(short.data, exact.data)).toBeGreaterThan(0)
    expect(errorOf(short.data, exact.data)).toBeLessThan(0.01)
  })

  it('never overflow, not even where all activations and weights are as large as they can be', async () => {
    const x = floats([1, inner], new Float32Array(inner).fill(4))
    const w = floats([outer, inner], new Float32Array(outer * inner).fill(2))
    const { data } = await product(x, { w, b: floats([outer]) })
    for (const y of data) expect(y).toBeCloseTo(8 * inner, 1)
  })

  it('give a row the same answer whichever rows it shares a batch with, and zeros give the bias', async () => {
    const x = randomFloats([rows, inner], next, 1)
    const crowd = floats([rows, inner], Float32Array.from(x.data))
    for (let i = inner; i < crowd.data.length; i++) crowd.data[i]! *= 1000
    crowd.data.fill(0, (rows - 1) * inner)
    const alone = await product(floats([1, inner], x.data.slice(0, inner) as Float32Array))
    const together = await product(crowd)
    expect([...together.data.subarray(0, outer)]).toEqual([...alone.data])
    expect([...together.data.subarray((rows - 1) * outer)]).toEqual([...constants.b!.data])
  })

  it('are looked up as the rows that they stand for', async () => {
    const table = randomFloats([7, 6], next, 1)
    const look: Program = ({ ids, table: t }) => ({ y: embed(t!, ids!) })
    const given = { constants: { table }, int8: new Set(['table']) }
    const { y } = await runProgram(onnx, look, { ids: ints([2, 2], [6, 0, 3, 3]) }, given)
    const { values, scales } = quantizeRows(table)
    expect(y!.shape).toEqual([2, 2, 6])
    for (const [place, id] of [6, 0, 3, 3].entries())
      for (let i = 0; i < 6; i++) expect(y!.data[place * 6 + i]).toBeCloseTo(values[id * 6 + i]! * scales[id]!, 6)
  })

  it('leave their float entries out of the file unless something else needs them', () => {
    const names = (p: Program): string[] =>
      readModel(traceProgram(p, spec, { constants, int8 })).graph!.initializer.map((t) => t.name)
    expect(names(program)).toContain('w/int8-transposed')
    expect(names(program)).not.toContain('w')
    expect(names((t) => ({ ...program(t), sum: tf.sum(t.w!) }))).toContain('w')
  })
})
