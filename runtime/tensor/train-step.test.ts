import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { Executor, HostTensor, HostTensors, Program } from './executor.ts'
import { assertClose, assertStepAgrees } from './fixtures/compare.ts'
import { type EncoderSize, encoderBatch, encoderLoss, encoderWeights, specsOf } from './fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from './fixtures/oracle.ts'
import { floats } from './host-tensor.ts'
import { type BatchInParts, createTrainer, type TrainBatch, type Trainer } from './train-step.ts'

const size: EncoderSize = { layers: 2, width: 24, heads: 3, inner: 48, vocabulary: 60, labels: 5 }
const next = fresh()
const { trainable, frozen } = encoderWeights(size, next)
const names = Object.keys(trainable)
const batchOf = (rows: number, length: number): TrainBatch => ({
  inputs: encoderBatch(size, rows, length, next),
  learningRate: 1e-3,
})
const batches = [batchOf(4, 6), batchOf(4, 6), batchOf(3, 9), batchOf(4, 6)]

async function withTrainer<T>(
  executor: Executor,
  body: (trainer: Trainer) => Promise<T>,
  options: Partial<Parameters<typeof createTrainer>[1]> = {},
): Promise<T> {
  const trainer = await createTrainer(executor, { trainable, frozen, loss: encoderLoss(size), ...options })
  try {
    return await body(trainer)
  } finally {
    await trainer.dispose()
  }
}

const slopeOf = (name: string): string => `slope of ${name}`

const gradients: Program = (t) => {
  const noDropout = { dropout: (x: tf.Tensor) => x }
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
    const weights = { ...t, ...Object.fromEntries(names.map((name, i) => [name, given[i]!])) }
    return encoderLoss(size)(weights, t, noDropout).loss as tf.Scalar
  })(names.map((name) => t[name]!))
  return { loss: value, ...Object.fromEntries(names.map((name, i) => [slopeOf(name), grads[i]!])) }
}

describe(`a whole training step of a small encoder (seed ${seed})`, () => {
  it('has the loss and the gradients of the oracle', async () => {
    const inputs = { ...trainable, ...frozen, ...batches[0]!.inputs }
    await assertStepAgrees(onnx, oracle, gradients, inputs)
  })

  it('has gradients that finite differences confirm', async () => {
    const inputs: HostTensors = { ...trainable, ...frozen, ...batches[0]!.inputs }
    const compiled = await onnx.compile(gradients, specsOf(inputs))
    const { loss: _, ...slopes } = await compiled.run(inputs)
    // Along the gradient itself the loss changes most, so rounding matters least.
    for (const name of names.filter((n) => !n.includes('key.bias'))) {
      const slope = slopes[slopeOf(name)]!.data
      const length = Math.hypot(...slope)
      const step = 2e-2
      const at = async (delta: number): Promise<number> => {
        const from = trainable[name]!
        const moved = Float32Array.from(from.data, (v, i) => v + (delta * slope[i]!) / length)
        return (await compiled.run({ ...inputs, [name]: floats(from.shape, moved) })).loss!.data[0]!
      }
      const measured = ((await at(step)) - (await at(-step))) / (2 * step)
      expect(Math.abs(measured - length), name).toBeLessThan(0.02 * length + 2e-4)
    }
    await compiled.dispose()
  })

  it('follows the same losses as eager training', async () => {
    const run = (executor: Executor) =>
      withTrainer(executor, async (trainer) => (await trainer.step(batches)).map((r) => [r.loss, r.gradientNorm]))
    const [actual, expected] = [await run(onnx), await run(oracle)]
    expected.forEach((pair, i) => {
      expect(actual[i]![0]).toBeCloseTo(pair[0]!, 4)
      expect(Math.abs(actual[i]![1]! / pair[1]! - 1)).toBeLessThan(1e-3)
    })
  })

  it('trains: the loss of a batch that is seen again and again falls', async () => {
    const results = await withTrainer(onnx, (trainer) => trainer.step(new Array<TrainBatch>(30).fill(batches[0]!)))
    expect(results.at(-1)!.loss).toBeLessThan(results[0]!.loss / 2)
  })
})

describe('AdamW', () => {
  /** A loss whose gradient is known: sum(w * g). */
  const loss = (w: Record<string, tf.Tensor>, t: Record<string, tf.Tensor>) => ({
    loss: tf.addN([tf.sum(tf.mul(w.matrix!, t.g!)), tf.sum(tf.mul(w.bias!, tf.sum(t.g!, 0)))]),
  })
  const start: HostTensors = { matrix: floats([2, 2], [1, -2, 3, 0.5]), bias: floats([2], [0.1, -0.2]) }
  const slopes = [
    [0.3, -0.1, 2, 0],
    [-1, 0.2, 0.7, 0.01],
    [5, 5, -5, 0.3],
  ]

  it('does the published update: bias correction, decoupled decay not on rank 1, global clipping, rates by weight', async () => {
    const settings = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1, clipNorm: 1 }
    const expected = { matrix: [...start.matrix!.data], bias: [...start.bias!.data] }
    const moments = { matrix: [0, 1, 2, 3].map(() => [0, 0]), bias: [0, 1].map(() => [0, 0]) }
    slopes.forEach((g, i) => {
      const t = i + 1
      const byName = { matrix: g, bias: [g[0]! + g[2]!, g[1]! + g[3]!] }
      const norm = Math.hypot(...byName.matrix, ...byName.bias)
      const clip = Math.min(1, 1 / (norm + 1e-6))
      for (const name of ['matrix', 'bias'] as const) {
        const lr = 0.01 * (name === 'bias' ? 3 : 1)
        byName[name].forEach((slope, k) => {
          const moment = moments[name][k]!
          moment[0] = 0.9 * moment[0]! + 0.1 * slope * clip
          moment[1] = 0.98 * moment[1]! + 0.02 * (slope * clip) ** 2
          if (name === 'matrix') expected[name][k]! *= 1 - lr * 0.1
          const root = Math.sqrt(moment[1] / (1 - 0.98 ** t)) + 1e-6
          expected[name][k]! -= (lr * moment[0]) / (1 - 0.9 ** t) / root
        })
      }
    })
    const trainer = await createTrainer(onnx, {
      trainable: start,
      loss,
      optimizer: { ...settings, rate: (name) => (name === 'bias' ? 3 : 1) },
    })
    await trainer.step(slopes.map((g) => ({ inputs: { g: floats([2, 2], g) }, learningRate: 0.01 })))
    const weights = await trainer.weights()
    await trainer.dispose()
    for (const name of ['matrix', 'bias'] as const) {
      const t: HostTensor = floats(start[name]!.shape, expected[name])
      assertClose(name, weights[name]!, t, { relative: 1e-5 })
    }
  })
})

describe('the trainer', () => {
  const dropping = { loss: encoderLoss({ ...size, dropout: 0.2 }) }
  const longRun = [batches[0]!, batches[1]!, batches[3]!, batches[2]!, batches[0]!, batches[1]!]

  it('gives in chunks what it gives step by step', async () => {
    const chunked = await withTrainer(
      onnx,
      async (trainer) => [await trainer.step(longRun), await trainer.weights()] as const,
      dropping,
    )
    const single = await withTrainer(
      onnx,
      async (trainer) => {
        const results = []
        for (const batch of longRun) results.push(...(await trainer.step([batch])))
        return [results, await trainer.weights()] as const
      },
      dropping,
    )
    expect(chunked[0].map((r) => r.loss)).toEqual(single[0].map((r) => r.loss))
    expect(chunked[1]).toEqual(single[1])
  })

  it('repeats a run with the same seeds exactly, and differs with others', async () => {
    const run = (first: number) =>
      withTrainer(
        onnx,
        async (trainer) => (await trainer.step(longRun.map((b, i) => ({ ...b, seed: first + i })))).map((r) => r.loss),
        dropping,
      )
    const once = await run(100)
    expect(await run(100)).toEqual(once)
    expect(await run(900)).not.toEqual(once)
  })

  it('hands back the other tensors of the loss program, one a step', async () => {
    const [first, , third] = await withTrainer(onnx, (trainer) => trainer.step(batches))
    expect(first!.outputs.logits!.shape).toEqual([4, 5])
    expect(third!.outputs.logits!.shape).toEqual([3, 5])
  })

  it('goes on from a state to the very weights that an unbroken run has', async () => {
    const unbroken = await withTrainer(
      onnx,
      async (trainer) => {
        await trainer.step(longRun)
        return trainer.weights()
      },
      dropping,
    )
    const state = await withTrainer(
      onnx,
      async (trainer) => {
        await trainer.step(longRun.slice(0, 4))
        return trainer.state()
      },
      dropping,
    )
    const resumed = await withTrainer(
      onnx,
      async (trainer) => {
        await trainer.restore(state)
        expect(trainer.steps).toBe(4)
        await trainer.step(longRun.slice(4))
        return trainer.weights()
      },
      dropping,
    )
    expect(resumed).toEqual(unbroken)
    await withTrainer(onnx, async (trainer) => {
      const foreign = { steps: 1, tensors: { ...state.tensors, 'adamw/packed': floats([1]) } }
      await expect(trainer.restore(foreign)).rejects.toThrow('adamw/packed')
    })
  })

  it('does with a batch in parts what it does with the whole, and one that was left in the midst leaves no trace', async () => {
    const shared: Partial<Parameters<typeof createTrainer>[1]> = {
      loss: (w, t, random) => {
        const { loss } = encoderLoss(size)(w, t, random)
        return { loss: tf.mul(loss, t.share!) }
      },
    }
    const part = ({ inputs }: TrainBatch, from: number, rows: number): HostTensors => ({
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, t]) => {
          const width = t.data.length / t.shape[0]!
          const data = t.data.slice(from * width, (from + rows) * width)
          return [name, { ...t, shape: [rows, ...t.shape.slice(1)], data }]
        }),
      ),
      share: floats([], [rows / inputs.ids!.shape[0]!]),
    })
    const run = (cut: (batch: TrainBatch) => TrainBatch | BatchInParts) =>
      withTrainer(
        onnx,
        async (trainer) =>
          [await trainer.step([batches[0]!, batches[1]!, batches[3]!].map(cut)), await trainer.state()] as const,
        shared,
      )
    const [whole, wholly] = await run((batch) => ({ ...batch, inputs: part(batch, 0, 4) }))
    const halves = ({ learningRate, ...batch }: TrainBatch): BatchInParts => ({
      learningRate,
      parts: [part({ learningRate, ...batch }, 0, 2), part({ learningRate, ...batch }, 2, 2)],
    })
    const [inParts, partly] = await run(halves)
    for (const [i, { loss, gradientNorm }] of whole.entries()) {
      expect(inParts[i]!.loss).toBeCloseTo(loss, 5)
      expect(inParts[i]!.gradientNorm / gradientNorm).toBeCloseTo(1, 4)
    }
    expect(partly.steps).toBe(3)
    for (const [name, tensor] of Object.entries(wholly.tensors))
      if (name.startsWith('moment1/')) assertClose(name, partly.tensors[name]!, tensor, { relative: 1e-4 })
    await withTrainer(
      onnx,
      async (trainer) => {
        const broken = halves(batches[0]!)
        const stop = { parts: [broken.parts[0]!, { share: floats([], [1]) }], learningRate: 1e-3 }
        await expect(trainer.step([stop])).rejects.toThrow()
        await trainer.step([batches[0]!, batches[1]!, batches[3]!].map(halves))
        expect(await trainer.state()).toEqual(partly)
      },
      shared,
    )
  })

  it('takes weights back in, and starts over when asked to', async () => {
    await withTrainer(onnx, async (trainer) => {
      const before = (await trainer.step([batches[0]!]))[0]!.loss
      await trainer.setWeights(trainable, { reset: true })
      expect(trainer.steps).toBe(0)
      expect((await trainer.step([batches[0]!]))[0]!.loss).toBe(before)
      await expect(trainer.setWeights({ unheard: floats([1]) })).rejects.toThrow(/unheard/)
    })
  })

  it('keeps few compiled shapes and still computes each', async () => {
    const losses = (maxShapes: number) =>
      withTrainer(onnx, async (t) => (await t.step([...batches, ...batches])).map((r) => r.loss), { maxShapes })
    expect(await losses(1)).toEqual(await losses(8))
  })

  it('stops between chunks when told to', async () => {
    await withTrainer(onnx, async (trainer) => {
      await expect(trainer.step(batches, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
        'stopped',
      )
      expect(trainer.steps).toBe(0)
    })
  })

  it('trains embeddings too when they are not frozen', async () => {
    const { words, ...rest } = frozen as { words: HostTensor; places: HostTensor }
    const open = { trainable: { ...trainable, words }, frozen: rest }
    const run = (executor: Executor) =>
      withTrainer(executor, async (t) => [(await t.step(batches)).map((r) => r.loss), await t.weights()] as const, open)
    const [actual, expected] = [await run(onnx), await run(oracle)]
    for (const [i, loss] of expected[0].entries()) expect(actual[0][i]).toBeCloseTo(loss, 3)
    expect(actual[1].words!.data).not.toEqual(words.data)
  })
})
