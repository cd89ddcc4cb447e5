import { loadEncoder } from '#runtime/language/encoder.ts'
import { createFeatureExtractor } from '#runtime/language/features.ts'
import { createSimilarity, nearestOf } from '#runtime/language/similarity.ts'
import { cpu } from '#runtime/tensor/executors/cpu.ts'
import { toUnitLength } from '#runtime/training/nearest.ts'
import type { FromSimilar, ToSimilar } from './messages.ts'

type Question = Extract<ToSimilar, { ask: unknown }>['ask']

/**
 * The `count` rows nearest to the rows of `like` by the encoder, nearest first: cosine with the nearest one of them, so that rows of two kinds
 * find neighbours of both. Rows of `like` are not among them.
 */
export async function findSimilar(
  rows: readonly { id: string; text: string }[],
  { like, count, encoder: { name, folder }, cacheFolder, threads }: Question,
): Promise<FromSimilar['found']> {
  const wanted = new Set(like)
  const models = rows.filter(({ id }) => wanted.has(id))
  const others = rows.filter(({ id }) => !wanted.has(id))
  if (models.length === 0 || others.length === 0) return []
  const encoder = await loadEncoder(folder, name)
  const executor = await cpu.open({ threads })
  const extractor = await createFeatureExtractor(encoder, executor, cacheFolder)
  const { hidden_size: width } = encoder.config
  const embed = async (texts: readonly { text: string }[]) => {
    const { vectors } = await extractor.extract(texts.map(({ text }) => text))
    return toUnitLength(vectors, width)
  }
  try {
    const similarity = await createSimilarity(executor, await embed(others), width)
    const table = await similarity.of(await embed(models))
    await similarity.dispose()
    const best = new Float32Array(others.length).fill(-1)
    for (const [at, cosine] of table.entries()) best[at % others.length] = Math.max(best[at % others.length]!, cosine)
    return nearestOf(best, count).map(({ index, similarity }) => ({ id: others[index]!.id, similarity }))
  } finally {
    await extractor.dispose()
  }
}
