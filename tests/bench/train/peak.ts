import * as tf from '@tensorflow/tfjs-core'
import type { Executor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

const size = 1024
const products = 8

/** Measures the machine's matrix product: the best of a few runs of eight dependent 1024 x 1024 x 1024 products, in FLOP a second. */
export async function createPeakMeter(
  executor: Executor,
): Promise<{ measure(): Promise<number>; dispose(): Promise<void> }> {
  const spec = { shape: [size, size], dtype: 'float32' } as const
  const chain = await executor.compile(
    ({ x, w }) => {
      let y = x as tf.Tensor2D
      for (let i = 0; i < products; i++) y = tf.matMul(y, w as tf.Tensor2D)
      return { sum: tf.sum(y) }
    },
    { x: spec, w: spec },
  )
  const values = Float32Array.from({ length: size * size }, (_, i) => ((i % 17) - 8) / 500)
  const inputs = { x: floats([size, size], values), w: floats([size, size], values) }
  await chain.run(inputs)
  return {
    async measure() {
      let best = Number.POSITIVE_INFINITY
      for (let i = 0; i < 3; i++) {
        const start = performance.now()
        await chain.run(inputs)
        best = Math.min(best, performance.now() - start)
      }
      return (products * 2 * size ** 3) / (best / 1000)
    },
    dispose: () => chain.dispose(),
  }
}
