import { createHash } from 'node:crypto'
import type { EntitySpan } from '#kit'

export interface HashedRow {
  text: string
  pair: string | null
  label: string | null
  language: string | null
  group: string | null
  outOfScope: boolean
  entities: readonly EntitySpan[] | null
  split: 'train' | null
}

const modulus = 1n << 256n
export const emptySetHash = '0'.repeat(64)

/**
 * The hash of a set as a bag of rows: the sum of the rows' SHA-256 modulo 2^256 (Bellare and Micciancio 1997, AdHash).
 * Adding and taking away cost what changed, and the same rows give the same hash in whatever order they came.
 */
export function changedHash(hash: string, added: Iterable<HashedRow>, removed: Iterable<HashedRow>): string {
  let sum = BigInt(`0x${hash}`)
  for (const row of added) sum += hashOfRow(row)
  for (const row of removed) sum -= hashOfRow(row)
  sum = ((sum % modulus) + modulus) % modulus
  return sum.toString(16).padStart(64, '0')
}

function hashOfRow(row: HashedRow): bigint {
  // A row without a second text, a split of its own, and of which nobody said where entities are, has the hash that it had before rows could have them.
  const said = row.entities === null ? [] : [row.entities.map(({ start, end, type }) => [start, end, type])]
  const second = row.pair === null ? [] : [{ pair: row.pair }]
  const put = row.split === null ? [] : [{ split: row.split }]
  const content = JSON.stringify([
    row.text,
    row.label,
    row.language,
    row.group,
    row.outOfScope,
    ...said,
    ...second,
    ...put,
  ])
  return BigInt(`0x${createHash('sha256').update(content).digest('hex')}`)
}
