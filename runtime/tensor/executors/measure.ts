import * as tf from '@tensorflow/tfjs-core'
import type { Executor, HostTensor, HostTensors } from '../executor.ts'
import { floats, sizeOf } from '../host-tensor.ts'
import { gelu } from '../ops/gelu.ts'
import { layerNorm } from '../ops/layer-norm.ts'
import { linear } from '../ops/linear.ts'
import { uniformPool } from '../ops/random.ts'
import { createTrainer, type LossProgram } from '../train-step.ts'

/** How fast a device trains, and what it computed, so that a device that is fast but wrong is found out. */
export interface Measurement {
  /** Matrix products of whole training steps, in GFLOP a second. */
  gflops: number
  /** Loss after some steps of a training that is the same everywhere. */
  loss: number
}

/** The feed-forward half of two layers of MiniLM, on 32 rows of 16 tokens. */
const size = { tokens: 512, width: 384, inner: 1536, layers: 2 }
const learningRate = 1e-3
/** Steps whose losses are compared; the first compiles. */
const firstSteps = 3
const defaultMs = 250

const random = (shape: readonly number[], seed: number, scale: number): HostTensor =>
  floats(
    shape,
    (uniformPool(sizeOf(shape), seed).data as Float32Array).map((u) => (2 * u - 1) * scale),
  )

function weights(): HostTensors {
  const all: HostTensors = {}
  for (let layer = 0; layer < size.layers; layer++) {
    all[`${layer}.up`] = random([size.width, size.inner], 4 * layer + 1, Math.sqrt(3 / size.width))
    all[`${layer}.down`] = random([size.inner, size.width], 4 * layer + 2, Math.sqrt(3 / size.inner))
    all[`${layer}.upBias`] = random([size.inner], 4 * layer + 3, 0.1)
    all[`${layer}.downBias`] = random([size.width], 4 * layer + 4, 0.1)
    all[`${layer}.gamma`] = floats([size.width], new Float32Array(size.width).fill(1))
    all[`${layer}.beta`] = floats([size.width])
  }
  return all
}

const loss: LossProgram = (w, { x, target }) => {
  let hidden = x!
  for (let layer = 0; layer < size.layers; layer++) {
    const at = (name: string): tf.Tensor => w[`${layer}.${name}`]!
    const up = gelu(linear(hidden, at('up'), at('upBias')))
    const down = linear(up, at('down'), at('downBias'))
    hidden = layerNorm(tf.add(hidden, down), at('gamma'), at('beta'), 1e-12)
  }
  return { loss: tf.mean(tf.square(tf.sub(hidden, target!))) }
}

/** Trains for `ms` milliseconds, compiling not counted. Throws what the device throws. */
export async function measureTraining(executor: Executor, ms = defaultMs): Promise<Measurement> {
  const { tokens, width, inner, layers } = size
  // Forward, and twice that backward: gradients of the inputs and of the weights; 2 for a multiply and add.
  const flops = 3 * 2 * tokens * layers * 2 * width * inner
  const shape = [tokens, width]
  const batch = { inputs: { x: random(shape, 101, 1), target: random(shape, 102, 1) }, learningRate }
  const trainer = await createTrainer(executor, { trainable: weights(), loss, maxChunkMs: ms })
  try {
    let last = Number.NaN
    for (let step = 0; step < firstSteps; step++) last = (await trainer.step([batch]))[0]!.loss
    const begun = performance.now()
    let steps = 0
    for (let chunk = 1; performance.now() - begun < ms; chunk *= 2) {
      await trainer.step(new Array<typeof batch>(chunk).fill(batch))
      steps += chunk
    }
    return { gflops: (flops * steps) / (performance.now() - begun) / 1e6, loss: last }
  } finally {
    await trainer.dispose()
  }
}
