import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EntitySpan, modelTextOf } from '#kit'
import type { Int8Trial, ModelCard } from '#runtime/language/card.ts'
import { type Checkpoint, classifierGraph, graphFiles, writeCard } from '#runtime/language/checkpoint.ts'
import { type EntityPair, measureEntities } from '#runtime/training/entity-metrics.ts'
import { isRight } from '#runtime/training/metrics.ts'
import type { TrainingRow } from '#runtime/training/training-set.ts'
import { createClassifier, type LoadedClassifier } from './classifier.ts'
import { givenBy } from './given-labels.ts'
import { describeProcessor } from './processor.ts'

/** Rows that are asked at most; a thousand tell a tenth of a point. */
const mostRows = 1000
/** Rows between two looks at the stop signal; both forms answer them, one after the other, so that other load weighs on both. */
const portion = 64

export interface Int8TrialOptions {
  threads?: number
  signal?: AbortSignal
}

/**
 * Adds the form with 8-bit weights to a written model folder and tries both forms on rows that the model has not learned. What
 * it loses and gains stands in the card that is returned. Throws the signal's reason when stopped.
 */
export async function tryInt8(
  folder: string,
  card: ModelCard,
  checkpoint: Pick<Checkpoint, 'encoder' | 'head' | 'tagHead' | 'card'>,
  rows: readonly TrainingRow[],
  { threads, signal }: Int8TrialOptions = {},
): Promise<ModelCard> {
  const graph = classifierGraph(checkpoint, 'int8')
  await writeFile(join(folder, graphFiles.int8), graph)
  const full = await createClassifier(folder, { threads })
  const int8 = await createClassifier(folder, { threads, precision: 'int8' }).catch(async (error: unknown) => {
    await full.dispose()
    throw error
  })
  try {
    const trial = await compare(full, int8, spread(rows, mostRows), signal)
    const hash = createHash('sha256').update(graph).digest('hex')
    return await writeCard(folder, { ...card, int8: trial, files: { ...card.files, [graphFiles.int8]: hash } })
  } finally {
    await full.dispose()
    await int8.dispose()
  }
}

async function compare(
  full: LoadedClassifier,
  int8: LoadedClassifier,
  rows: readonly TrainingRow[],
  signal: AbortSignal | undefined,
): Promise<Int8Trial> {
  const index = new Map(full.card.labels.map((label, i) => [label.id, i]))
  const given = givenBy(full.card)
  const forms = [full, int8].map((classifier) => ({
    classifier,
    right: 0,
    ms: 0,
    marked: [] as EntityPair<EntitySpan>[],
  }))
  for (let start = 0; start < rows.length; start += portion) {
    signal?.throwIfAborted()
    const asked = rows.slice(start, start + portion)
    const texts = asked.map(modelTextOf)
    for (const form of forms) {
      const begun = performance.now()
      const answers = await form.classifier.classify(texts)
      form.ms += performance.now() - begun
      for (const [i, answer] of answers.entries()) {
        const row = asked[i]!
        if (isRight({ truth: row.truth, given: given(answer).map((label) => index.get(label)!) })) form.right++
        if (row.entities) form.marked.push({ truth: row.entities, found: answer.entities ?? [] })
      }
    }
  }
  const [exact, short] = forms as [(typeof forms)[0], (typeof forms)[0]]
  return {
    rows: rows.length,
    fullAccuracy: exact.right / rows.length,
    accuracy: short.right / rows.length,
    ...(full.card.entities && exact.marked.length > 0
      ? { entities: { fullF1: measureEntities(exact.marked).f1, f1: measureEntities(short.marked).f1 } }
      : {}),
    speedup: exact.ms / short.ms,
    processor: describeProcessor(),
  }
}

/** At most `count` of the rows, evenly from first to last. */
function spread<T>(rows: readonly T[], count: number): readonly T[] {
  if (rows.length <= count) return rows
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!)
}
