import { ints } from '#runtime/tensor/host-tensor.ts'
import type { TrainBatch } from '#runtime/tensor/train-step.ts'
import type { TokenRow } from './banking.ts'

/** The padded length of a row: the next multiple of 2 up to 32, then of 8 up to 64, then of 16. */
export function paddedLength(length: number): number {
  const step = length <= 32 ? 2 : length <= 64 ? 8 : 16
  return Math.ceil(length / step) * step
}

/**
 * One epoch's batches of about `tokens` tokens, each of one padded length, so that few shapes are compiled. Rows that do not fill a
 * batch move on to the next length; the last ones, fewer than a batch, wait for the next epoch.
 */
export function lengthBatches(
  rows: readonly TokenRow[],
  tokens: number,
  padId: number,
  learningRate: number,
): TrainBatch[] {
  const byLength = new Map<number, TokenRow[]>()
  for (const row of rows) {
    const length = paddedLength(row.ids.length)
    byLength.set(length, [...(byLength.get(length) ?? []), row])
  }
  const batches: TrainBatch[] = []
  let left: TokenRow[] = []
  for (const length of [...byLength.keys()].sort((a, b) => a - b)) {
    const here = [...left, ...byLength.get(length)!]
    const count = Math.max(1, Math.round(tokens / length))
    let used = 0
    for (; used + count <= here.length; used += count) {
      batches.push(toBatch(here.slice(used, used + count), length, padId, learningRate))
    }
    left = here.slice(used)
  }
  return batches
}

function toBatch(rows: readonly TokenRow[], length: number, padId: number, learningRate: number): TrainBatch {
  const ids = ints([rows.length, length], new Int32Array(rows.length * length).fill(padId))
  const mask = ints([rows.length, length])
  rows.forEach((row, i) => {
    ids.data.set(row.ids, i * length)
    mask.data.fill(1, i * length, i * length + row.ids.length)
  })
  return {
    inputs: {
      ids,
      mask,
      labels: ints(
        [rows.length],
        rows.map((row) => row.label),
      ),
    },
    learningRate,
  }
}
