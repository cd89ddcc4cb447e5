import { bareText } from '#runtime/conditions/normalise.ts'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { characterPairs, jaccard, minHashKeys } from './min-hash.ts'
import { rowKey, textKey } from './row-key.ts'

/** From this share of common character pairs on (Jaccard) two texts are one text with a slip of the pen. */
const alike = 0.7
/** One sign more or less makes another word of a shorter text. */
const shortest = 6
/** Rows of one key that a row is held against; a template that thousands share would else cost the square of them. */
const mostCompared = 24
/** A long text is one by its beginning. */
const mostRead = 1_000

/** Rows of one label that say nearly the same: the first stays, the others go. What says exactly the same is left to `findCopies`. */
export function findNearCopies({ rows }: DoctorSet): Finding {
  const seen = new Set<string>()
  const buckets = new Map<string, number[]>()
  const kept: { row: string; pairs: Uint32Array; second: string; group: number }[] = []
  const cases: FoundCase[] = []
  for (const row of rows) {
    const label = row.outOfScope ? '-' : (row.label ?? '')
    const whole = `${label}\n${rowKey(row)}`
    if (seen.has(whole)) continue
    seen.add(whole)
    const bare = bareText(row.text.slice(0, mostRead))
    if (bare.length < shortest) continue
    const pairs = characterPairs(bare)
    const second = row.pair === undefined ? '' : textKey(row.pair)
    const keys = Array.from(minHashKeys(pairs), (key, band) => `${band} ${key} ${label}`)
    const near = new Set(keys.flatMap((key) => buckets.get(key) ?? []))
    const found = [...near].map((at) => kept[at]!).find((one) => one.second === second && jaccard(pairs, one.pairs) >= alike)
    if (found) {
      cases.push({ row: row.id, fix: { do: 'remove', keeper: found.row }, group: found.group })
      continue
    }
    const at = kept.push({ row: row.id, pairs, second, group: kept.length }) - 1
    for (const key of keys) {
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [at])
      else if (bucket.length < mostCompared) bucket.push(at)
    }
  }
  return { kind: 'near-copies', cases: cases.sort((a, b) => a.group! - b.group!), ways: ['suggested'] }
}
