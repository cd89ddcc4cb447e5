import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DocumentBlock } from '../documents/document.ts'
import { toPassages } from './to-passages.ts'

const options = {
  most: 12,
  overlap: 1,
  tokensOf: (text: string) => text.split(/\s+|(?<=\p{Script=Han})/u).filter(Boolean).length,
}
const text = (words: string): DocumentBlock => ({ kind: 'text', text: words })

test('a heading begins a new passage, and its path goes along', async () => {
  const passages = await toPassages(
    {
      title: 'Terms',
      blocks: [
        { kind: 'heading', level: 1, text: 'Returns' },
        { kind: 'heading', level: 2, text: 'Costs' },
        text('We pay the postage.'),
        { kind: 'heading', level: 1, text: 'Warranty' },
        text('Two years.'),
      ],
    },
    0,
    options,
  )
  expect(passages.map(({ headings, text: own }) => [headings.join(' › '), own])).toEqual([
    ['Returns › Costs', 'We pay the postage.'],
    ['Warranty', 'Two years.'],
  ])
})

test('sentences stay whole, the next passage begins with the last one of the one before, rows stand alone', async () => {
  const passages = await toPassages(
    {
      title: 'T',
      blocks: [
        text('One two three four five. Six seven eight nine ten. Eleven twelve thirteen fourteen.'),
        { kind: 'row', text: 'Land: DE; Price: 5' },
      ],
    },
    0,
    options,
  )
  expect(passages.map((passage) => passage.text)).toEqual([
    'One two three four five. Six seven eight nine ten.',
    'Six seven eight nine ten. Eleven twelve thirteen fourteen.',
    'Eleven twelve thirteen fourteen.\nLand: DE; Price: 5',
  ])
})

test('no word is lost and no passage is too long, whatever the text; the same text gives the same passages', async () => {
  const word = fc.constantFrom('alpha', 'beta.', '七天', '可退。', 'gamma?', 'delta,', 'x'.repeat(30))
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 80 }), async (words) => {
      const document = { title: 'T', blocks: [text(words.join(' '))] }
      const passages = await toPassages(document, 0, options)
      const all = passages.map((passage) => passage.text).join(' ')
      for (const one of words) expect(all.replace(/\s/gu, '')).toContain(one.replace(/\s/gu, ''))
      for (const passage of passages) {
        expect(options.tokensOf(passage.text)).toBeLessThanOrEqual(options.most)
        for (const [start, end] of passage.sentences) expect(passage.text.slice(start, end).trim()).not.toBe('')
      }
      expect(await toPassages(document, 0, options)).toEqual(passages)
    }),
    { numRuns: 50 },
  )
})
