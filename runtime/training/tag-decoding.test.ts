import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { likeliestSpans, likeliestTags, scoreOfTags, sumTags, type TagScores } from './tag-decoding.ts'
import { countTags, outside, placeOf, spansOfTags, tagsOfSpans, typeOf, type WordSpan } from './tags.ts'

const scoresOf = (mostWords: number, mostTypes: number): fc.Arbitrary<TagScores> =>
  fc
    .record({ words: fc.integer({ min: 1, max: mostWords }), types: fc.integer({ min: 1, max: mostTypes }) })
    .chain(({ words, types }) =>
      fc
        .array(fc.double({ min: -8, max: 8, noNaN: true }), {
          minLength: words * countTags(types),
          maxLength: words * countTags(types),
        })
        .map((values) => ({ words, types, values })),
    )

/** By the definition of BIOES alone. */
function isValid(tags: readonly number[]): boolean {
  let open: number | null = null
  for (const tag of tags) {
    const place = tag === outside ? null : placeOf(tag)
    const goesOn = place === 'inside' || place === 'end'
    if (goesOn !== (open !== null) || (goesOn && typeOf(tag) !== open)) return false
    if (place === 'begin') open = typeOf(tag)
    if (place === 'end') open = null
  }
  return open === null
}

function everySequence({ words, types }: TagScores): number[][] {
  let sequences: number[][] = [[]]
  for (let word = 0; word < words; word++)
    sequences = sequences.flatMap((tags) => Array.from({ length: countTags(types) }, (_, tag) => [...tags, tag]))
  return sequences.filter(isValid)
}

describe('tags of a text', () => {
  test('are never an invalid sequence, whatever the scores', () => {
    fc.assert(
      fc.property(scoresOf(12, 4), (scores) => {
        expect(isValid([...likeliestTags(scores)])).toBe(true)
      }),
    )
    const adverse = { words: 3, types: 1, values: Array.from({ length: 15 }, (_, i) => (i % 5 === 2 ? 100 : -100)) }
    expect(isValid([...likeliestTags(adverse)])).toBe(true)
  })

  test('are the best of all valid sequences', () => {
    fc.assert(
      fc.property(scoresOf(4, 1), (scores) => {
        const best = Math.max(...everySequence(scores).map((tags) => scoreOfTags(scores, tags, 1)))
        expect(scoreOfTags(scores, likeliestTags(scores), 1)).toBeCloseTo(best, 9)
      }),
      { numRuns: 60 },
    )
    fc.assert(
      fc.property(scoresOf(3, 2), (scores) => {
        const best = Math.max(...everySequence(scores).map((tags) => scoreOfTags(scores, tags, 1)))
        expect(scoreOfTags(scores, likeliestTags(scores), 1)).toBeCloseTo(best, 9)
      }),
      { numRuns: 30 },
    )
  })

  test('sum and share of a span are those over all valid sequences', () => {
    fc.assert(
      fc.property(scoresOf(3, 2), fc.double({ min: 0.3, max: 4, noNaN: true }), (scores, temperature) => {
        const all = everySequence(scores).map((tags) => ({
          spans: spansOfTags(tags),
          weight: Math.exp(scoreOfTags(scores, tags, temperature)),
        }))
        const total = all.reduce((sum, { weight }) => sum + weight, 0)
        const { upTo, from } = sumTags(scores, temperature)
        expect(upTo[scores.words]).toBeCloseTo(Math.log(total), 8)
        expect(from[0]).toBeCloseTo(Math.log(total), 8)
        for (const { probability, ...span } of likeliestSpans(scores, temperature)) {
          const same = (other: WordSpan): boolean =>
            other.from === span.from && other.to === span.to && other.type === span.type
          const share = all.reduce((sum, { spans, weight }) => sum + (spans.some(same) ? weight : 0), 0) / total
          expect(probability).toBeCloseTo(share, 8)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('say the spans that they were made from', () => {
    const lengths = fc.array(fc.record({ gap: fc.nat(2), words: fc.integer({ min: 1, max: 4 }), type: fc.nat(3) }))
    fc.assert(
      fc.property(lengths, (parts) => {
        let at = 0
        const spans = parts.map(({ gap, words, type }) => {
          const from = at + gap
          at = from + words
          return { from, to: at - 1, type }
        })
        const tags = tagsOfSpans(at, spans)
        expect(isValid([...tags])).toBe(true)
        expect(spansOfTags(tags)).toEqual(spans)
      }),
    )
  })

  test('a text without words has none', () => {
    const nothing = { words: 0, types: 2, values: [] }
    expect(likeliestTags(nothing)).toHaveLength(0)
    expect(likeliestSpans(nothing, 1)).toEqual([])
    expect(sumTags(nothing, 1).upTo[0]).toBe(0)
  })
})
