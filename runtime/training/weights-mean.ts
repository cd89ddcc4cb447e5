import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** The running mean of weights of one shape: memory for one of them, however many there are. */
export interface WeightsMean {
  readonly count: number
  add(weights: HostTensors): void
  weights(): HostTensors
}

export function meanWeights(): WeightsMean {
  const means = new Map<string, { shape: readonly number[]; data: Float32Array }>()
  let count = 0
  return {
    get count() {
      return count
    },
    add(weights) {
      count++
      for (const [name, { shape, data }] of Object.entries(weights)) {
        const mean = means.get(name)
        if (!mean) means.set(name, { shape, data: Float32Array.from(data as Float32Array) })
        else for (let i = 0; i < mean.data.length; i++) mean.data[i]! += (data[i]! - mean.data[i]!) / count
      }
    },
    weights: () => Object.fromEntries([...means].map(([name, { shape, data }]) => [name, floats(shape, data)])),
  }
}
