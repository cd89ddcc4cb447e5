import type { Tensor } from '@tensorflow/tfjs-core'
import { type AdamWOptions, adamWProgram, adamWScalars, fromState, layoutOf, toState, zeroMoments } from './adamw.ts'
import type { CompiledLoop, Executor, HostTensors, TensorSpec } from './executor.ts'
import { drawsOf, poolLength, type RandomSource, uniformPool } from './ops/random.ts'

/**
 * The loss of one batch in `tf.*` operations and this room's `ops`. `weights` holds the trainable and the frozen ones.
 * Returns a scalar `loss` and any other tensors that the caller wants to see (logits, parts of the loss).
 * `random` draws dropout masks that depend on the batch's seed only.
 */
export type LossProgram = (
  weights: Record<string, Tensor>,
  inputs: Record<string, Tensor>,
  random: RandomSource,
) => { loss: Tensor } & Record<string, Tensor>

export interface TrainerOptions {
  /** Initial values of the weights to train. */
  trainable: HostTensors
  /** Weights that stay as they are; held once for all shapes. */
  frozen?: HostTensors
  loss: LossProgram
  optimizer?: AdamWOptions
  /** Longest time in milliseconds that one call into the executor should block. Default 500. */
  maxChunkMs?: number
  /** Compiled shapes kept at once; the one unused for longest goes first. Default 48. */
  maxShapes?: number
}

/** One batch: its inputs (all of the same names and types in each batch), the step's learning rate and the dropout seed. */
export interface TrainBatch {
  inputs: HostTensors
  learningRate: number
  /** An integer 0 to 2^31 - 1. Default: the step's number. */
  seed?: number
}

/** What one step gave: the loss before the update, the norm of all gradients before clipping, and the loss program's other tensors. */
export interface StepResult {
  loss: number
  gradientNorm: number
  outputs: HostTensors
}

/**
 * Trains one set of weights. Consecutive batches of one shape share a call into the executor, as many as fit into `maxChunkMs`;
 * the first batch of a shape compiles it. Between calls the event loop turns, and `signal` is looked at.
 */
export interface Trainer {
  /** Steps done so far; Adam's bias correction counts with it. */
  readonly steps: number
  /** Errors: the signal's reason when aborted (weights are those after the last finished chunk). */
  step(batches: readonly TrainBatch[], options?: { signal?: AbortSignal }): Promise<StepResult[]>
  /** Compiles the shapes of these batches ahead of time. */
  prepare(batches: readonly TrainBatch[]): Promise<void>
  /** A copy of the trained weights (not of the frozen ones). */
  weights(): Promise<HostTensors>
  /** Replaces weights by name; moments and step count stay unless `reset` is true. */
  setWeights(weights: HostTensors, options?: { reset?: boolean }): Promise<void>
  dispose(): Promise<void>
}

const specOf = (tensors: HostTensors): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, { shape: t.shape, dtype: t.dtype }]))

const shapeKey = (inputs: HostTensors): string =>
  Object.keys(inputs)
    .sort()
    .map((name) => `${name}:${inputs[name]!.dtype}[${inputs[name]!.shape}]`)
    .join(' ')

interface CompiledShape {
  loop: CompiledLoop
  /** Measured length of one step; unknown before the first chunk. */
  msPerStep?: number
}

/** Most steps in one call, however fast they are. */
const maxChunk = 64

const poolSeed = 20

/** Sets up training on an executor: uploads the weights, zeroes the moments. Nothing is compiled before the first batch is seen. */
export async function createTrainer(executor: Executor, options: TrainerOptions): Promise<Trainer> {
  const { trainable, frozen = {}, loss, optimizer = {}, maxChunkMs = 500, maxShapes = 48 } = options
  const layout = layoutOf(trainable)
  const initial = toState(layout, trainable)
  const stateSpec = specOf({ ...initial, ...zeroMoments(initial) })
  let state = await executor.upload({ ...initial, ...zeroMoments(initial) })
  const pool = uniformPool(poolLength, poolSeed)
  const captured = await executor.upload({ ...frozen, 'random/pool': pool })
  const capturedSpec = specOf({ ...frozen, 'random/pool': pool })
  const shapes = Object.fromEntries(Object.entries(trainable).map(([name, t]) => [name, t.shape]))
  const program = adamWProgram({ layout, shapes, frozen: Object.keys(frozen), loss, optimizer })
  const compiled = new Map<string, CompiledShape>()
  let steps = 0

  const feedsOf = (batch: TrainBatch, step: number): HostTensors => ({
    ...batch.inputs,
    ...adamWScalars(optimizer, batch.learningRate, step),
    'random/draws': drawsOf(batch.seed ?? step),
  })

  async function shapeOf(batch: TrainBatch): Promise<CompiledShape> {
    const key = shapeKey(batch.inputs)
    const known = compiled.get(key)
    if (known) {
      compiled.delete(key)
      compiled.set(key, known)
      return known
    }
    const spec = { state: stateSpec, captured: capturedSpec, inputs: specOf(feedsOf(batch, 1)) }
    const fresh: CompiledShape = { loop: await executor.compileLoop(program, spec) }
    compiled.set(key, fresh)
    for (const [oldest, { loop }] of compiled) {
      if (compiled.size <= maxShapes) break
      compiled.delete(oldest)
      await loop.dispose()
    }
    return fresh
  }

  return {
    get steps() {
      return steps
    },

    async prepare(batches) {
      for (const batch of batches) await shapeOf(batch)
    },

    async step(batches, { signal } = {}) {
      const results: StepResult[] = []
      while (results.length < batches.length) {
        signal?.throwIfAborted()
        const rest = batches.slice(results.length)
        const key = shapeKey(rest[0]!.inputs)
        const shape = await shapeOf(rest[0]!)
        const other = rest.findIndex((b) => shapeKey(b.inputs) !== key)
        const room = shape.msPerStep === undefined ? 1 : Math.max(1, Math.floor(maxChunkMs / shape.msPerStep))
        const chunk = rest.slice(0, Math.min(other < 0 ? rest.length : other, room, maxChunk))
        const start = performance.now()
        const outcomes = await shape.loop.run(
          state,
          captured,
          chunk.map((batch, i) => feedsOf(batch, steps + i + 1)),
        )
        // The first run of a session warms its memory up, so the figure follows the newest chunk.
        shape.msPerStep = (performance.now() - start) / chunk.length
        steps += chunk.length
        for (const { loss: value, gradientNorm, ...outputs } of outcomes) {
          results.push({ loss: value!.data[0]!, gradientNorm: gradientNorm!.data[0]!, outputs })
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
      return results
    },

    weights: async () => fromState(layout, await state.read(Object.keys(initial))),

    async setWeights(weights, { reset = false } = {}) {
      const unknown = Object.keys(weights).find((name) => !(name in trainable))
      if (unknown) throw new Error(`${unknown} is not among the weights being trained`)
      const former = await state.read()
      await state.dispose()
      const next = toState(layout, { ...fromState(layout, former), ...weights })
      state = await executor.upload({ ...former, ...next, ...(reset ? zeroMoments(next) : {}) })
      if (reset) steps = 0
    },

    async dispose() {
      for (const { loop } of compiled.values()) await loop.dispose()
      compiled.clear()
      await state.dispose()
      await captured.dispose()
    },
  }
}
