import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { HostTensors, Program } from '../executor.ts'
import { assertAgree, largest, runProgram } from '../fixtures/compare.ts'
import { randomFloats, specsOf } from '../fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '../fixtures/oracle.ts'
import { floats, ints } from '../host-tensor.ts'
import { columnSums } from './column-sums.ts'
import { embed } from './embed.ts'
import { gelu } from './gelu.ts'
import { layerNorm } from './layer-norm.ts'
import { linear } from './linear.ts'
import { positions } from './positions.ts'
import { drawsOf, poolLength, uniformPool, windowedRandom } from './random.ts'
import { sumOfSquares } from './sum-of-squares.ts'

const next = fresh()
const real = (...shape: number[]) => randomFloats(shape, next, 1.5)

interface Case {
  inputs: HostTensors
  f: (t: Record<string, tf.Tensor>) => tf.Tensor
  /** Inputs that get a gradient. */
  by: string[]
}

const cases: Record<string, Case> = {
  layerNorm: {
    inputs: { x: real(2, 3, 8), gamma: real(8), beta: real(8) },
    f: ({ x, gamma, beta }) => layerNorm(x!, gamma!, beta!, 1e-5),
    by: ['x', 'gamma', 'beta'],
  },
  gelu: { inputs: { x: real(5, 7) }, f: ({ x }) => gelu(x!), by: ['x'] },
  'gelu at zero, beside it and far from it': {
    inputs: { x: floats([6], [0, 1e-20, -1e-9, 4, -4, -12]) },
    f: ({ x }) => gelu(x!),
    by: ['x'],
  },
  'linear [in, out]': {
    inputs: { x: real(2, 3, 6), w: real(6, 4), b: real(4) },
    f: ({ x, w, b }) => linear(x!, w!, b!),
    by: ['x', 'w', 'b'],
  },
  'linear [out, in]': {
    inputs: { x: real(5, 6), w: real(4, 6), b: real(4) },
    f: ({ x, w, b }) => linear(x!, w!, b!, { transposed: true }),
    by: ['x', 'w', 'b'],
  },
  'linear without bias': {
    inputs: { x: real(5, 6), w: real(4, 6) },
    f: ({ x, w }) => linear(x!, w!, undefined, { transposed: true }),
    by: ['x', 'w'],
  },
  'embed, a row used twice': {
    inputs: { table: real(9, 4), ids: ints([2, 3], [1, 8, 1, 0, 4, 4]) },
    f: ({ table, ids }) => embed(table!, ids!),
    by: ['table'],
  },
}

/** Value and gradients of sum(f * mixture), the mixture fixed, so that no gradient cancels. */
function withGradients({ f, by }: Case): Program {
  return (t) => {
    const { value, grads } = tf.valueAndGrads((...xs: tf.Tensor[]) => {
      const y = f({ ...t, ...Object.fromEntries(by.map((name, i) => [name, xs[i]!])) })
      const mixture = tf.sin(tf.reshape(tf.range(1, y.size + 1), y.shape))
      return tf.sum(tf.mul(y, mixture)) as tf.Scalar
    })(by.map((name) => t[name]!))
    return { value, ...Object.fromEntries(by.map((name, i) => [`d ${name}`, grads[i]!])) }
  }
}

describe(`operations (seed ${seed})`, () => {
  for (const [name, one] of Object.entries(cases)) {
    it(`${name}: recorded and eager agree, value and gradients`, async () => {
      await assertAgree(onnx, oracle, (t) => ({ y: one.f(t) }), one.inputs)
      await assertAgree(onnx, oracle, withGradients(one), one.inputs, { relative: 1e-5, absolute: 1e-6 })
    })

    it(`${name}: gradients agree with finite differences`, async () => {
      const compiled = await onnx.compile(withGradients(one), specsOf(one.inputs))
      const { value: _, ...gradients } = await compiled.run(one.inputs)
      const step = 1e-2
      for (const input of one.by) {
        const gradient = gradients[`d ${input}`]!.data
        const scale = largest(gradients[`d ${input}`]!)
        for (let i = 0; i < gradient.length; i++) {
          const at = async (delta: number): Promise<number> => {
            const moved = floats(one.inputs[input]!.shape, Float32Array.from(one.inputs[input]!.data))
            moved.data[i] = moved.data[i]! + delta
            return (await compiled.run({ ...one.inputs, [input]: moved })).value!.data[0]!
          }
          const slope = ((await at(step)) - (await at(-step))) / (2 * step)
          expect(Math.abs(slope - gradient[i]!), `${input}[${i}]`).toBeLessThan(5e-3 * scale + 2e-3)
        }
      }
      await compiled.dispose()
    })
  }

  it('positions count along the last axis', async () => {
    const inputs = { ids: ints([2, 5]) }
    await assertAgree(onnx, oracle, ({ ids }) => ({ p: positions(ids!) }), inputs)
  })

  it('columnSums adds up rows', async () => {
    await assertAgree(onnx, oracle, ({ x }) => ({ s: columnSums(x!) }), { x: real(3, 7, 5) })
  })

  it('sumOfSquares is the squared norm', async () => {
    await assertAgree(onnx, oracle, ({ x }) => ({ n: sumOfSquares(x!) }), { x: real(40, 30) })
  })
})

describe('dropout', () => {
  const x = floats([64, 100], new Float32Array(6400).fill(1))
  const masked = async (executor: typeof onnx, drawSeed: number): Promise<HostTensors> =>
    runProgram(
      executor,
      ({ x: input, pool, draws }) => {
        const random = windowedRandom(pool!, draws!)
        return { a: random.dropout(input!, 0.25), b: random.dropout(input!, 0.25), none: random.dropout(input!, 0) }
      },
      { x, pool: uniformPool(poolLength, 1), draws: drawsOf(drawSeed) },
    )

  it('drops about the asked share and scales the rest', async () => {
    const { a, none } = await masked(onnx, 7)
    const zeros = [...a!.data].filter((v) => v === 0).length
    expect(zeros / 6400).toBeGreaterThan(0.22)
    expect(zeros / 6400).toBeLessThan(0.28)
    expect(Math.max(...a!.data)).toBeCloseTo(4 / 3, 5)
    expect(none!.data).toEqual(x.data)
  })

  it('gives the same masks for the same seed on each executor, others for another seed or call', async () => {
    const first = await masked(onnx, 7)
    expect(await masked(onnx, 7)).toEqual(first)
    expect(await masked(oracle, 7)).toEqual(first)
    expect(first.b!.data).not.toEqual(first.a!.data)
    expect((await masked(onnx, 8)).a!.data).not.toEqual(first.a!.data)
  })
})
