import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWordVote } from './word-vote.ts'

const rows: [string, number][] = [
  ['where is my parcel', 0],
  ['track the parcel AB-1234', 0],
  ['I want my money back', 1],
  ['refund the money please', 1],
  ['我的快递到哪了', 2],
  ['快递什么时候送到', 2],
]
const vote = createWordVote(
  rows.map(([text]) => text),
  rows.map(([, label]) => label),
  4,
)
const likeliest = (text: string): number => {
  const shares = vote.of(text)
  return shares.indexOf(Math.max(...shares))
}

test('words that only one label has name it, also misspelt, in other letters, and in Chinese', () => {
  expect(likeliest('parcel?')).toBe(0)
  expect(likeliest('PARCELL lost')).toBe(0)
  expect(likeliest('reffund')).toBe(1)
  expect(likeliest('ＰＡＲＣＥＬ')).toBe(0)
  expect(likeliest('快递呢')).toBe(2)
})

test('a text that shares nothing with the rows is told nothing of, and a label without rows never gets a share', () => {
  for (const text of ['', '   ', 'ßßß', '完全']) expect([...vote.of(text)]).toEqual([1 / 3, 1 / 3, 1 / 3, 0])
  expect(vote.of('parcel refund')[3]).toBe(0)
})

test('shares are of one whole for whatever is written, at any length', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('parcel '.repeat(100_000))), (text) => {
      const shares = vote.of(text)
      expect(shares.every((share) => share >= 0)).toBe(true)
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    }),
  )
})

test('many rows of one label do not drown few of another', () => {
  const many = Array.from({ length: 200 }, (_, i) => `question number ${i} about the parcel`)
  const skewed = createWordVote([...many, 'cancel my order'], [...many.map(() => 0), 1], 2)
  expect(skewed.of('please cancel my order')[1]).toBeGreaterThan(0.5)
})

test('both texts of a pair are read', () => {
  const pairs = createWordVote(
    [
      ['a question', 'apples'],
      ['a question', 'pears'],
    ],
    [0, 1],
    2,
  )
  expect(pairs.of(['a question', 'pears'])[1]).toBeGreaterThan(0.5)
})
