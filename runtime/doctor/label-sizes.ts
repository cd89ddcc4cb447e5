import type { DoctorSet, Finding } from './finding.ts'
import { labelKey } from './row-key.ts'

/** Fewer rows than these cannot be shared out between learning and testing. */
const fewest = 5
/** The largest label has at least this many times the rows of the smallest one before anything is said. */
const ratio = 10
/** A label with less than this share of the median is far below the others. */
const farBelow = 0.2

/** Labels that are too small to be learned, and those that are far smaller than the others. What becomes of them a person must say. */
export function findLabelSizes({ rows, labels }: DoctorSet): [few: Finding, imbalance: Finding] {
  // Labels that are one written differently are one here: `findLabelVariants` says so.
  const keys = new Map(labels.map(({ id, name }) => [id, labelKey(name)]))
  const keyOf = (label: string): string => keys.get(label) ?? label
  const sizes = new Map<string, number>()
  for (const { label } of rows) if (label !== undefined) sizes.set(keyOf(label), (sizes.get(keyOf(label)) ?? 0) + 1)
  const ordered = [...sizes.values()].sort((a, b) => a - b)
  const median = ordered[ordered.length >> 1] ?? 0
  const uneven = ordered.length > 1 && ordered.at(-1)! >= ratio * ordered[0]!
  const groups = new Map([...sizes].sort((a, b) => a[1] - b[1]).map(([label], group) => [label, group]))
  const casesOf = (fits: (size: number) => boolean) =>
    rows
      .flatMap(({ id, label }) =>
        label !== undefined && fits(sizes.get(keyOf(label))!)
          ? [{ row: id, fix: null, group: groups.get(keyOf(label))! }]
          : [],
      )
      .sort((a, b) => a.group - b.group)
  const ways = ['label', 'remove'] as const
  return [
    // A set with one label is at its beginning, not out of balance.
    { kind: 'few-rows', cases: sizes.size > 1 ? casesOf((size) => size < fewest) : [], ways },
    {
      kind: 'imbalance',
      cases: uneven ? casesOf((size) => size >= fewest && size < farBelow * median) : [],
      ways,
    },
  ]
}
