import { shuffled } from './seeded.ts'

/** Rows of one training batch and the length that they are padded to; fewer rows than the batch size only in one batch. */
export interface LengthBatch {
  rows: number[]
  length: number
}

/** The padded length of a text: a multiple of 2 up to 32 tokens, of 4 up to 64, of 8 up to 128, then of 32. */
export function bucketLength(tokens: number, longest: number): number {
  const step = tokens <= 32 ? 2 : tokens <= 64 ? 4 : tokens <= 128 ? 8 : 32
  return Math.min(longest, Math.ceil(tokens / step) * step)
}

/** Rows that a batch is padded to: all but an unfull one are `size` anyway, and that one needs no more than a multiple of 8. */
export function paddedRows({ rows }: LengthBatch, size: number): number {
  return Math.min(size, Math.ceil(rows.length / 8) * 8)
}

/** Batches of one shape in a row: they share a call into the executor, yet an epoch stays well mixed. */
const runLength = 4

/**
 * Deals the rows of one epoch into batches of like length, at random. What is left of a length moves up to the next, so
 * that all batches but one are full and few shapes occur. The same random numbers give the same batches.
 */
export function dealBatches(
  lengths: readonly number[],
  size: number,
  longest: number,
  random: () => number,
): LengthBatch[] {
  const buckets = new Map<number, number[]>()
  for (const row of shuffled([...lengths.keys()], random)) {
    const length = bucketLength(lengths[row]!, longest)
    const bucket = buckets.get(length)
    if (bucket) bucket.push(row)
    else buckets.set(length, [row])
  }
  const runs: LengthBatch[][] = []
  let left: number[] = []
  const widths = [...buckets.keys()].sort((a, b) => a - b)
  for (const [i, length] of widths.entries()) {
    const rows = [...left, ...buckets.get(length)!]
    const last = i === widths.length - 1
    const full = last ? rows.length : rows.length - (rows.length % size)
    left = rows.slice(full)
    let run: LengthBatch[] = []
    for (let start = 0; start < full; start += size) {
      run.push({ rows: rows.slice(start, Math.min(full, start + size)), length })
      if (run.length === runLength) {
        runs.push(run)
        run = []
      }
    }
    if (run.length > 0) runs.push(run)
  }
  return shuffled(runs, random).flat()
}
