import type { Encoder } from '#runtime/language/encoder.ts'
import { extractFeatures, type Features } from '#runtime/language/features.ts'
import type { Executor } from '#runtime/tensor/executor.ts'

/** Unit-length vectors of messages. Nothing is kept: visitors' words leave no trace outside the database. */
export async function embedMessages(
  encoder: Encoder,
  executor: Executor,
  texts: readonly string[],
  onProgress?: (share: number) => void,
): Promise<Features> {
  const { vectors, width } = await extractFeatures(encoder, texts, { executor, onProgress })
  for (let from = 0; from < vectors.length; from += width) {
    const own = vectors.subarray(from, from + width)
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) for (let at = 0; at < width; at++) own[at]! /= length
  }
  return { vectors, width }
}
