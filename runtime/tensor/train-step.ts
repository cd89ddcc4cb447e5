import type { Tensor } from '@tensorflow/tfjs-core'
import {
  type AdamWOptions,
  adamWProgram,
  adamWScalars,
  fromState,
  layoutOf,
  partScalars,
  toState,
  zeroMoments,
  zeroSums,
} from './adamw.ts'
import type { CompiledLoop, CompiledProgram, Executor, HostTensors, TensorSpec } from './executor.ts'
import { drawsOf, poolLength, type RandomSource, uniformPool, windowedRandom } from './ops/random.ts'

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
  /** What parts of one batch must know of each other; see `Trainer.look`. */
  look?: (
    weights: Record<string, Tensor>,
    inputs: Record<string, Tensor>,
    random: RandomSource,
  ) => Record<string, Tensor>
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

/**
 * One batch cut into parts of one shape, for less memory: one after the other they add to the gradients, and after the last the
 * weights move. The losses of the parts must add up to that of the batch.
 */
export interface BatchInParts extends Omit<TrainBatch, 'inputs'> {
  parts: readonly HostTensors[]
}

/**
 * What one step gave: the loss before the update, the norm of all gradients before clipping, and the loss program's other tensors.
 * Of a batch in parts losses and other tensors are sums over its parts.
 */
export interface StepResult {
  loss: number
  gradientNorm: number
  outputs: HostTensors
}

/** All that a trainer knows: weights and moments as `layoutOf` packs them, and how many steps were done. */
export interface TrainerState {
  tensors: HostTensors
  steps: number
}

/**
 * Trains one set of weights. Consecutive batches of one shape share a call into the executor, as many as fit into `maxChunkMs`;
 * the first batch of a shape compiles it. Between calls the event loop turns, and `signal` is looked at.
 */
export interface Trainer {
  /** Steps done so far; Adam's bias correction counts with it. */
  readonly steps: number
  /**
   * `onResult` hears of each step as soon as it is done. Errors: the signal's reason when aborted, what the executor threw; weights
   * are then those after the last step that was told of.
   */
  step(
    batches: readonly (TrainBatch | BatchInParts)[],
    options?: { signal?: AbortSignal; onResult?: (result: StepResult) => void },
  ): Promise<StepResult[]>
  /** What `options.look` says of the parts of a batch by the weights of now, under the masks that a step of this seed will have. */
  look(parts: readonly HostTensors[], seed: number): Promise<HostTensors[]>
  /** Compiles the shapes of these batches ahead of time. */
  prepare(batches: readonly TrainBatch[]): Promise<void>
  /** A copy of the trained weights (not of the frozen ones). */
  weights(): Promise<HostTensors>
  /** A copy from which `restore` goes on, here or in another trainer of the same weights, as if nothing had been between. */
  state(): Promise<TrainerState>
  /** Errors: the state is of other weights. */
  restore(state: TrainerState): Promise<void>
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

/** What goes into the executor for one step, or for a part of one. */
interface Call {
  /** Its compiled form. */
  key: string
  feeds: HostTensors
  inParts: boolean
  /** The weights move after it. */
  last: boolean
}

/** Each part has masks of its own. */
const partSeed = (seed: number, part: number): number => (seed + part * 40_503_271) % 2_147_483_647

/** A step so far with one more part of it. */
function joined(before: StepResult | undefined, { loss, gradientNorm, ...outputs }: HostTensors): StepResult {
  const result: StepResult = { loss: loss!.data[0]!, gradientNorm: gradientNorm!.data[0]!, outputs }
  if (!before) return result
  result.loss += before.loss
  for (const [name, t] of Object.entries(outputs))
    for (let i = 0; i < t.data.length; i++) t.data[i]! += before.outputs[name]!.data[i]!
  return result
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
  const programOf = (inParts: boolean) =>
    adamWProgram({ layout, shapes, frozen: Object.keys(frozen), loss, optimizer, inParts })
  const looks = new Map<string, CompiledProgram>()
  /** Sums of gradients are part of the state from the first batch in parts on. */
  let summing = false
  const compiled = new Map<string, CompiledShape>()
  let steps = 0

  /** The calls of a step: one for a whole batch, else one a part. */
  function callsOf(batch: TrainBatch | BatchInParts, step: number): Call[] {
    const { learningRate, seed } = batch
    if (!('parts' in batch)) {
      const scalars = adamWScalars(optimizer, learningRate, step)
      const feeds = { ...batch.inputs, ...scalars, 'random/draws': drawsOf(seed ?? step) }
      return [{ key: shapeKey(batch.inputs), feeds, inParts: false, last: true }]
    }
    return batch.parts.map((part, i) => {
      const last = i === batch.parts.length - 1
      const scalars = partScalars(optimizer, learningRate, step, last)
      const feeds = { ...part, ...scalars, 'random/draws': drawsOf(partSeed(seed ?? step, i)) }
      return { key: `part ${shapeKey(part)}`, feeds, inParts: true, last }
    })
  }

  async function replaceState(next: HostTensors): Promise<void> {
    await state.dispose()
    state = await executor.upload({ ...next, ...(summing ? zeroSums(initial) : {}) })
  }

  async function shapeOf({ key, feeds, inParts }: Call): Promise<CompiledShape> {
    const known = compiled.get(key)
    if (known) {
      compiled.delete(key)
      compiled.set(key, known)
      return known
    }
    if (inParts && !summing) {
      summing = true
      await replaceState(await state.read())
    }
    const spec = {
      state: inParts ? { ...stateSpec, ...specOf(zeroSums(initial)) } : stateSpec,
      captured: capturedSpec,
      inputs: specOf(feeds),
    }
    const fresh: CompiledShape = { loop: await executor.compileLoop(programOf(inParts), spec) }
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
      for (const batch of batches) await shapeOf(callsOf(batch, 1)[0]!)
    },

    async step(batches, { signal, onResult } = {}) {
      const results: StepResult[] = []
      const calls = batches.flatMap((batch, i) => callsOf(batch, steps + i + 1))
      let done = 0
      let open: StepResult | undefined
      try {
        while (done < calls.length) {
          signal?.throwIfAborted()
          const rest = calls.slice(done)
          const shape = await shapeOf(rest[0]!)
          const other = rest.findIndex((call) => call.key !== rest[0]!.key)
          const room = shape.msPerStep === undefined ? 1 : Math.max(1, Math.floor(maxChunkMs / shape.msPerStep))
          const chunk = rest.slice(0, Math.min(other < 0 ? rest.length : other, room, maxChunk))
          const start = performance.now()
          const outcomes = await shape.loop.run(
            state,
            captured,
            chunk.map((call) => call.feeds),
          )
          // The first run of a session warms its memory up, so the figure follows the newest chunk.
          shape.msPerStep = (performance.now() - start) / chunk.length
          done += chunk.length
          for (const [i, outcome] of outcomes.entries()) {
            open = joined(open, outcome)
            if (!chunk[i]!.last) continue
            steps++
            results.push(open)
            onResult?.(open)
            open = undefined
          }
          await new Promise((resolve) => setImmediate(resolve))
        }
        return results
      } finally {
        // Gradients of a batch that was left in the midst belong to no other.
        if (open) await replaceState(await state.read(Object.keys(stateSpec)))
      }
    },

    async look(parts, seed) {
      if (!options.look) throw new Error('this trainer was given nothing to look with')
      const program = options.look
      const weights = fromState(layout, await state.read(Object.keys(initial)))
      const all = { ...weights, ...frozen, 'random/pool': pool }
      const found: HostTensors[] = []
      for (const [i, part] of parts.entries()) {
        const feeds = { ...part, ...all, 'random/draws': drawsOf(partSeed(seed, i)) }
        const key = shapeKey(part)
        let compiledLook = looks.get(key)
        if (!compiledLook) {
          compiledLook = await executor.compile((given) => {
            const random = windowedRandom(given['random/pool']!, given['random/draws']!)
            return program(given, given, random)
          }, specOf(feeds))
          looks.set(key, compiledLook)
        }
        found.push(await compiledLook.run(feeds))
        await new Promise((resolve) => setImmediate(resolve))
      }
      return found
    },

    weights: async () => fromState(layout, await state.read(Object.keys(initial))),

    state: async () => ({ tensors: await state.read(Object.keys(stateSpec)), steps }),

    async restore(given) {
      const strange = Object.entries(stateSpec).find(
        ([name, spec]) => String(given.tensors[name]?.shape) !== String(spec.shape),
      )
      if (strange) throw new Error(`${strange[0]} is not in the state as it is trained here`)
      await replaceState(Object.fromEntries(Object.keys(stateSpec).map((name) => [name, given.tensors[name]!])))
      steps = given.steps
    },

    async setWeights(weights, { reset = false } = {}) {
      const unknown = Object.keys(weights).find((name) => !(name in trainable))
      if (unknown) throw new Error(`${unknown} is not among the weights being trained`)
      const former = await state.read(Object.keys(stateSpec))
      const next = toState(layout, { ...fromState(layout, former), ...weights })
      await replaceState({ ...former, ...next, ...(reset ? zeroMoments(next) : {}) })
      if (reset) steps = 0
    },

    async dispose() {
      for (const { loop } of compiled.values()) await loop.dispose()
      compiled.clear()
      for (const look of looks.values()) await look.dispose()
      looks.clear()
      await state.dispose()
      await captured.dispose()
    },
  }
}
