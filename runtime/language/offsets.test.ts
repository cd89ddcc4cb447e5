import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteLevelBpe, type TinyTokenizer, unigram, wordPiece } from './fixtures/tiny-tokenizers.ts'
import type { TokenSpan } from './offsets.ts'
import { createTokenizer, type TextTokenizer } from './tokenizer.ts'

const open = ({ json, size, padId }: TinyTokenizer, options: object = {}): TextTokenizer =>
  createTokenizer(
    json,
    {},
    {
      maxLength: 512,
      padId,
      vocabulary: size,
      typeVocabulary: 2,
      prompt: '',
      lowercase: false,
      source: 'tiny',
      ...options,
    },
  )
/** Each kind, the encoder of the reference that has it, and the id of a mere space. */
const kinds: [string, TinyTokenizer, string, number?][] = [
  ['WordPiece', wordPiece(), 'bert'],
  ['byte-level BPE', byteLevelBpe(), 'roberta'],
  ['Unigram', unigram(), 'camembert', 4],
]
const reference = JSON.parse(await readFile(join(import.meta.dirname, 'fixtures/reference.json'), 'utf8')) as Record<
  string,
  { text: string; spans: [number, number][] }[]
>

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The span of the Rust library in our terms: without spaces around, on borders of graphemes, null where nothing is left. */
function asOurs(text: string, [from, to]: [number, number]): TokenSpan {
  const part = text.slice(from, to)
  const start = from + part.length - part.trimStart().length
  const end = to - (part.length - part.trimEnd().length)
  if (end <= start) return null
  const whole = [...graphemes.segment(text)].filter(
    ({ index, segment }) => index < end && index + segment.length > start,
  )
  return [whole[0]!.index, whole.at(-1)!.index + whole.at(-1)!.segment.length]
}

describe.each(kinds)('%s', (_, tiny, encoder, space) => {
  const tokenizer = open(tiny)

  test.each(reference[encoder]!)('lays tokens where the Rust library lays them: $text', ({ text, spans }) => {
    const { ids } = tokenizer.encode(text)
    // The space that is put ahead of a text has the place of the first character there, and none here.
    const theirs = spans.map((span, i) => (ids[i] === space ? null : asOurs(text, span)))
    expect(tokenizer.offsets(text).slice(0, spans.length)).toEqual(theirs)
  })

  test('gives one span a token, in the order of the text and inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const spans = tokenizer.offsets(text)
        expect(spans.length).toBe(tokenizer.encode(text).ids.length)
        let last = 0
        for (const span of spans) {
          if (!span) continue
          expect(span[0]).toBeGreaterThanOrEqual(last)
          expect(span[1]).toBeGreaterThan(span[0])
          expect(span[1]).toBeLessThanOrEqual(text.length)
          last = span[0]
        }
      }),
      { numRuns: 300 },
    )
  })

  test('finds each word of a sentence again, whatever stands between the words', () => {
    const word = fc.constantFrom(
      'where',
      'Parcel',
      '快递',
      'Café',
      'İstanbul',
      'ﬁne',
      '𠮷',
      'unheard-of',
      '👩‍👩‍👧',
      "it's",
    )
    const gap = fc.constantFrom(' ', '  ', '\u00a0 ', '\u3000')
    fc.assert(
      fc.property(fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 8 }), (parts) => {
        const text = parts.flat().join('')
        const spans = tokenizer.offsets(text).filter((span) => span !== null)
        let from = 0
        for (const [own, behind] of parts) {
          const inside = spans.filter(([start, end]) => start < from + own.length && end > from)
          expect([inside.at(0)?.[0], inside.at(-1)?.[1]], text).toEqual([from, from + own.length])
          from += own.length + behind.length
        }
      }),
      { numRuns: 300 },
    )
  })
})

test('a prompt has no place in the text, and the text keeps its own places', () => {
  const plain = open(wordPiece()).offsets('where is my order')
  const prompted = open(wordPiece(), { prompt: 'query: ' }).offsets('where is my order')
  expect(prompted.filter((span) => span !== null)).toEqual(plain.filter((span) => span !== null))
  expect(prompted.length).toBeGreaterThan(plain.length)
})

test('lower case that is longer than upper case moves no span', () => {
  const spans = open(unigram(), { lowercase: true }).offsets('İİ order')
  expect(spans.at(-2)).toEqual([3, 8])
})

test('what is cut off has no span, and the closing token none either', () => {
  const tokenizer = open(wordPiece(), { maxLength: 5 })
  expect(tokenizer.offsets('where is my order')).toEqual([null, [0, 5], [6, 8], [9, 11], null])
})
