import type { Encoder } from '#runtime/language/encoder.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'

/** The encoder with trained weights in place of its own. */
export function applied(encoder: Encoder, trained: HostTensors): Encoder {
  const weights = new Map(encoder.weights)
  for (const [name, tensor] of Object.entries(trained)) {
    if (weights.has(name)) weights.set(name, { shape: tensor.shape, data: tensor.data as Float32Array })
  }
  return { ...encoder, weights }
}
