import fc from 'fast-check'
import { expect, test } from 'vitest'
import { neighbourVote } from './neighbour-vote.ts'

const labels = 4
const learned = fc.array(fc.record({ label: fc.nat(labels - 1), near: fc.double({ min: -1, max: 1, noNaN: true }) }), {
  minLength: 1,
  maxLength: 60,
})
const voteOf = (rows: readonly { label: number; near: number }[]): Float64Array =>
  neighbourVote(
    rows.map((row) => row.near),
    rows.map((row) => row.label),
    labels,
  )
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

test('a vote is shares of one whole, none for a label without rows', () => {
  fc.assert(
    fc.property(learned, (rows) => {
      const vote = voteOf(rows)
      expect(sum(vote)).toBeCloseTo(1, 9)
      for (let label = 0; label < labels; label++)
        if (!rows.some((row) => row.label === label)) expect(vote[label]).toBe(0)
    }),
  )
})

test('the nearest row outvotes many that are far', () => {
  const far = Array.from({ length: 50 }, () => ({ label: 1, near: 0.5 }))
  expect(voteOf([...far, { label: 2, near: 0.9 }])[2]).toBeGreaterThan(0.99)
})
