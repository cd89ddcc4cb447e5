import { bareText } from '#runtime/conditions/normalise.ts'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { characterPairs, jaccard, minHashKeys } from './min-hash.ts'
import { meaningOf, rowKey, textKey } from './row-key.ts'

/** From this share of common character pairs on (Jaccard) two texts are one text with a slip of the pen. */
const alike = 0.7
/** Two signs that changed places cost a short text most of that; both texts then have the same signs. */
const alikeOfSameSigns = 0.5
/** One sign more or less makes another word of a shorter text. */
const shortest = 6
/** Rows of one key that a row is held against; a template that thousands share would else cost the square of them. */
const mostCompared = 24
/** A long text is one by its beginning. */
const mostRead = 1_000

/** Rows of one label that say nearly the same: the first stays, the others go. What says exactly the same is left to `findCopies`. */
export function findNearCopies({ rows }: DoctorSet): Finding {
  const seen = new Set<string>()
  // Keys of different bands and labels may meet by chance: each find is verified.
  const buckets = new Map<number, number[]>()
  const labels = new Map<string, number>()
  const kept: { row: string; label: string; pairs: Uint32Array; bare: string; second: string; group: number }[] = []
  const cases: FoundCase[] = []
  for (const row of rows) {
    const label = meaningOf(row)
    const whole = `${label}\n${rowKey(row)}`
    if (seen.has(whole)) continue
    seen.add(whole)
    const bare = bareText(row.text.slice(0, mostRead))
    if (bare.length < shortest) continue
    const pairs = characterPairs(bare)
    const second = row.pair === undefined ? '' : textKey(row.pair)
    if (!labels.has(label)) labels.set(label, Math.imul(labels.size + 1, 0x9e3779b1))
    const keys = minHashKeys(pairs).map((key) => key ^ labels.get(label)!)
    const near = new Set<number>()
    for (const key of keys) for (const other of buckets.get(key) ?? []) near.add(other)
    const found = [...near]
      .map((at) => kept[at]!)
      .find((one) => {
        if (one.label !== label || one.second !== second) return false
        const share = jaccard(pairs, one.pairs)
        return share >= alike || (share >= alikeOfSameSigns && signsOf(bare) === signsOf(one.bare))
      })
    if (found) {
      cases.push({ row: row.id, fix: { do: 'remove', keeper: found.row }, group: found.group })
      continue
    }
    const at = kept.push({ row: row.id, label, pairs, bare, second, group: kept.length }) - 1
    for (const key of keys) {
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [at])
      else if (bucket.length < mostCompared) bucket.push(at)
    }
  }
  return { kind: 'near-copies', cases: cases.sort((a, b) => a.group! - b.group!), ways: ['suggested'] }
}

const signsOf = (text: string): string => Array.from(text).sort().join('')
