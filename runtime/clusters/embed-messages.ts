import type { Encoder } from '#runtime/language/encoder.ts'
import { extractFeatures, type Features } from '#runtime/language/features.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { toUnitLength } from '#runtime/training/nearest.ts'

/** Unit-length vectors of messages. Nothing is kept: visitors' words leave no trace outside the database. */
export async function embedMessages(
  encoder: Encoder,
  executor: Executor,
  texts: readonly string[],
  onProgress?: (share: number) => void,
): Promise<Features> {
  const { vectors, width } = await extractFeatures(encoder, texts, { executor, onProgress })
  return { vectors: toUnitLength(vectors, width), width }
}
