import { createBatcher } from '#runtime/serving/batcher.ts'
import { callBounds, createClassifier } from '#runtime/serving/classifier.ts'
import type { BenchLine } from '../bench.ts'
import { benchModel, median, threads } from './model.ts'

/** Texts that wait at once, and how often that is measured. */
const waiting = 128
const rounds = 12

/** The batcher's batches against those that a queue gives as it is: the next 32 texts, padded to the longest of them. */
export const padding: BenchLine = {
  figures: {
    bucketsSpeedup: { label: 'batches by length against the next 32 padded, times as fast', reference: '> 1' },
    bucketsPaddingShare: { label: 'share of padding among tokens, by length', reference: '<= 0.10', digits: 3 },
    queuePaddingShare: { label: 'the same, the next 32 padded', reference: '', digits: 3 },
  },
  async measure(log) {
    const { folder, rows } = await benchModel(log)
    const classifier = await createClassifier(folder, { threads, precision: 'int8' })
    const texts = rows.map((row) => classifier.encode(row.text))
    const count = { used: 0, byLength: 0, inOrder: 0 }
    const batcher = createBatcher(
      (batch: readonly (typeof texts)[0][]) => {
        count.byLength += batch.length * Math.max(...batch.map((text) => text.length))
        return classifier.answer(batch)
      },
      { ...callBounds, maxWaitMs: 0, lengthOf: (text) => text.length },
    )
    const inOrder = async (asked: typeof texts): Promise<void> => {
      for (let start = 0; start < asked.length; start += callBounds.maxRows) {
        const batch = asked.slice(start, start + callBounds.maxRows)
        const length = Math.max(...batch.map((text) => text.ids.length))
        count.inOrder += batch.length * length
        await classifier.answer(batch.map((text) => ({ ...text, length })))
      }
    }
    const ratios: number[] = []
    try {
      for (let round = 0; round < rounds; round++) {
        const asked = texts.slice(round * waiting, (round + 1) * waiting)
        count.used += asked.reduce((sum, text) => sum + text.ids.length, 0)
        const begun = performance.now()
        await inOrder(asked)
        const between = performance.now()
        await Promise.all(asked.map((text) => batcher.submit(text)))
        ratios.push((between - begun) / (performance.now() - between))
      }
    } finally {
      await classifier.dispose()
    }
    return {
      bucketsSpeedup: median(ratios),
      bucketsPaddingShare: 1 - count.used / count.byLength,
      queuePaddingShare: 1 - count.used / count.inOrder,
    }
  },
}
