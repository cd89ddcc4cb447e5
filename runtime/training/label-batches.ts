import { bucketLength, type dealBatches } from './length-batches.ts'
import { shuffled } from './seeded.ts'

/** Rows of one label that stand side by side in a batch; fewer where a batch would hold one label only. */
const rowsALabel = 4

/**
 * Deals rows for contrast: each label has its turn equally often, with some of its rows, so that a row of a batch has others of its
 * label and many of other labels beside it. Where SetFit (Tunstall et al. 2022, section 3.1) draws single pairs, a batch holds all
 * pairs of its rows. What stands together is of like length. There are as many batches as the rows would fill: all rows of a small
 * label are seen often, and a large one sends others in each epoch. The same random numbers give the same batches.
 */
export const dealByLabel =
  (labelOf: readonly number[]): typeof dealBatches =>
  (lengths, size, longest, random) => {
    const byLabel = new Map<number, number[]>()
    for (const row of lengths.keys()) {
      const own = byLabel.get(labelOf[row]!)
      if (own) own.push(row)
      else byLabel.set(labelOf[row]!, [row])
    }
    const most = Math.max(1, Math.min(rowsALabel, Math.floor(size / 2)))
    const turns = rounds([...byLabel.keys()], random)
    const walks = new Map([...byLabel].map(([label, rows]) => [label, groups(rows, lengths, most, random)]))
    const batches = Math.ceil(lengths.length / size)
    const perBatch = Math.floor(size / most)
    const waiting = Array.from({ length: batches * perBatch }, () => walks.get(turns.next().value)!.next().value)
    const tokens = (rows: readonly number[]): number => rows.reduce((sum, row) => Math.max(sum, lengths[row]!), 0)
    waiting.sort((a, b) => tokens(a) - tokens(b))
    const cut = Array.from({ length: batches }, () => {
      const taken: number[][] = []
      while (taken.length < perBatch) taken.push(waiting.splice(rarestLabel(waiting, taken, labelOf), 1)[0]!)
      return [...new Set(taken.flat())]
    })
    return shuffled(
      cut.map((rows) => ({ rows, length: bucketLength(tokens(rows), longest) })),
      random,
    )
  }

/** The first of the waiting groups whose label stands least often among those taken: without other labels there is no contrast. */
function rarestLabel(waiting: readonly number[][], taken: readonly number[][], labelOf: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const [row] of taken) counts.set(labelOf[row!]!, (counts.get(labelOf[row!]!) ?? 0) + 1)
  for (let most = 0; ; most++) {
    const at = waiting.findIndex(([row]) => (counts.get(labelOf[row!]!) ?? 0) <= most)
    if (at >= 0) return at
  }
}

/** An endless walk through items, each time in another order. */
function* rounds<T>(items: readonly T[], random: () => number): Generator<T, never> {
  for (;;) yield* shuffled(items, random)
}

/** An endless walk through a label's rows in groups of `most` at most and of about one length, each time in other ones. */
function* groups(
  rows: readonly number[],
  lengths: readonly number[],
  most: number,
  random: () => number,
): Generator<number[], never> {
  const count = Math.ceil(rows.length / most)
  for (;;) {
    const key = new Map(rows.map((row) => [row, lengths[row]! * (0.75 + 0.5 * random())]))
    const order = [...rows].sort((a, b) => key.get(a)! - key.get(b)!)
    const bound = (i: number): number => Math.round((i * rows.length) / count)
    yield* shuffled(
      Array.from({ length: count }, (_, i) => order.slice(bound(i), bound(i + 1))),
      random,
    )
  }
}
