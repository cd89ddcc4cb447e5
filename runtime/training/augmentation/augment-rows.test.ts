import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AugmentationWay, DatasetRow } from '#kit'
import { dealHeldOut } from '../folds.ts'
import { holdOut } from '../hold-out.ts'
import { seededRandom } from '../seeded.ts'
import { toTrainingSet } from '../training-set.ts'
import { type Augmentation, augmentRows } from './augment-rows.ts'
import { mistypeLetters } from './keyboard-typos.ts'
import { mistypePinyin } from './pinyin-typos.ts'
import { exchangeSynonyms, parseSynonyms } from './synonyms.ts'
import { deleteWords, swapWords } from './words-moved.ts'

const off: Record<AugmentationWay, number> = { synonyms: 0, swap: 0, delete: 0, keyboard: 0, pinyin: 0 }
const all: Record<AugmentationWay, number> = { synonyms: 0.3, swap: 0.1, delete: 0.1, keyboard: 0.05, pinyin: 0.1 }
const settings = (over: Partial<Augmentation> = {}): Augmentation => ({
  amount: 'factor',
  factor: 2,
  target: 10,
  shares: all,
  synonyms: 'parcel, package\n快递，包裹',
  seed: 1,
  ...over,
})
const row = (id: string, text: string, label: string, more: Partial<DatasetRow> = {}): DatasetRow => ({
  id,
  text,
  label,
  ...more,
})
const rows = [
  row('1', 'where is my parcel now', 'track'),
  row('2', '我的快递到哪里了', 'track'),
  row('3', 'i want my money back please', 'refund'),
  row('4', '我想把钱退回来', 'refund'),
  row('5', 'please cancel what i ordered', 'cancel'),
]
/** The same draw again and again. */
const tries = (change: (random: () => number) => string | null) =>
  Array.from({ length: 200 }, (_, seed) => change(seededRandom(seed)))

test('a question with an answer is made more of without a label, and each new one has the answer', () => {
  const faq = ['how long does it take to arrive', 'when will my parcel arrive here'].map(
    (text, i): DatasetRow => ({ id: `q${i}`, text, pair: `answer ${i}` }),
  )
  const more = augmentRows(faq, settings())
  expect(more.length).toBeGreaterThan(faq.length)
  for (const made of more.slice(faq.length)) expect(made.pair).toBe(faq.find(({ id }) => id === made.origin!.row)!.pair)
})

test('words are exchanged for others of their line, whole words in letters, the longest in Chinese, each in its own writing', () => {
  const table = parseSynonyms('order, purchase, 订单\nmoney back，refund\n快递、包裹\n快递费, 运费\nlonely')
  const exchange = (text: string) => [...new Set(tries((random) => exchangeSynonyms(text, table, 1, random)))]
  expect(exchange('my order')).toEqual(['my purchase'])
  expect(exchange('Order it')).toEqual(['Purchase it'])
  expect(exchange('my border, reordered')).toEqual([null])
  expect(exchange('I want my Money Back.')).toEqual(['I want my Refund.'])
  expect(exchange('快递费多少')).toEqual(['运费多少'])
  expect(exchange('我的快递呢')).toEqual(['我的包裹呢'])
  expect(exchange('订单')).toEqual([null])
  expect(exchange('lonely')).toEqual([null])
})

test('of many words that could be exchanged as many are as the share says', () => {
  const table = parseSynonyms('aa, bb')
  for (const [share, wanted] of [
    [0.01, 1],
    [0.5, 2],
    [1, 4],
  ] as const)
    for (const text of tries((random) => exchangeSynonyms('aa aa aa aa', table, share, random)))
      expect(text!.split(' ').filter((word) => word === 'bb')).toHaveLength(wanted)
})

test('swapped words are the same words; left out are some and never more than half', () => {
  for (const text of ['where is my parcel now', '我的快递到哪里了']) {
    const letters = (of: string) => [...of.replaceAll(' ', '')].sort().join('')
    for (const swapped of tries((random) => swapWords(text, 0.1, random))) expect(letters(swapped!)).toBe(letters(text))
    for (const shorter of tries((random) => deleteWords(text, 0.5, random))) {
      expect(shorter!.length).toBeLessThan(text.length)
      expect(shorter!.replaceAll(' ', '').length).toBeGreaterThan(0)
      expect(shorter).toBe(shorter!.trim())
    }
  }
  expect(swapWords('hello', 0.5, seededRandom(1))).toBeNull()
  expect(deleteWords('track parcel', 0.5, seededRandom(1))).toBeNull()
})

test('a typing error is one key off, one too many or one too few, and never in short words or at the front', () => {
  for (const text of tries((random) => mistypeLetters('is my Parcel', 0.01, random))) {
    expect(text!.startsWith('is my P')).toBe(true)
    expect(Math.abs(text!.length - 'is my Parcel'.length)).toBeLessThanOrEqual(1)
    expect(text).not.toBe('is my Parcel')
  }
  expect(mistypeLetters('is my 快递', 0.5, seededRandom(1))).toBeNull()
})

test('a pinyin error is another Chinese character that sounds alike, or nearly so', () => {
  const found = new Set(tries((random) => mistypePinyin('查', 1, random)))
  expect(found.has('茶')).toBe(true)
  expect(found.has('查')).toBe(false)
  // z, c, s for zh, ch, sh.
  expect(found.has('擦')).toBe(true)
  for (const one of found) expect(one).toMatch(/^\p{Script=Han}$/u)
  const long = tries((random) => mistypePinyin('order 12 快递到哪', 0.01, random))
  for (const text of long) {
    expect(text!.startsWith('order 12 ')).toBe(true)
    expect([...text!].filter((c, i) => c !== [...'order 12 快递到哪'][i])).toHaveLength(1)
  }
  expect(mistypePinyin('no chinese', 0.5, seededRandom(1))).toBeNull()
})

test('new rows stand behind the old ones, with the label, the group and the language of their source, and say where they come from', () => {
  const given = rows.map((one) => ({ ...one, language: 'xx', group: `g${one.id}` }))
  const more = augmentRows(given, settings())
  expect(more.slice(0, given.length)).toEqual(given)
  expect(more).toHaveLength(given.length * 3)
  for (const made of more.slice(given.length)) {
    const source = given.find((one) => one.id === made.origin!.row)!
    expect(made).toEqual({ ...source, id: made.id, text: made.text, origin: made.origin })
    expect(made.text).not.toBe(source.text)
  }
  expect(new Set(more.map((one) => one.id)).size).toBe(more.length)
})

test('the same rows and seed give the same new ones, another seed others', () => {
  expect(augmentRows(rows, settings())).toEqual(augmentRows(rows, settings()))
  expect(augmentRows(rows, settings({ seed: 2 }))).not.toEqual(augmentRows(rows, settings()))
})

test('no text comes twice, and none that any row has already, whatever its label', () => {
  const words = fc.array(fc.constantFrom('Parcel', 'package', 'order', '快递', '包裹', 'now'), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(fc.array(words, { minLength: 2, maxLength: 12 }), fc.nat(), (texts, seed) => {
      const given = texts.map((text, i) => row(String(i), text.join(' '), `l${i % 2}`))
      const key = (one: DatasetRow) => one.text.toLowerCase()
      const made = augmentRows(given, settings({ factor: 5, seed })).slice(given.length)
      expect(new Set(made.map(key)).size).toBe(made.length)
      const old = new Set(given.map(key))
      for (const one of made) expect(old.has(key(one))).toBe(false)
    }),
    { numRuns: 50 },
  )
})

test('labels are filled up to the target and no further; rows made before count and make no others', () => {
  const before = augmentRows(rows, settings({ factor: 1 }))
  const more = augmentRows(before, settings({ amount: 'target', target: 6 }))
  const count = (label: string) => more.filter((one) => one.label === label).length
  expect([count('track'), count('refund'), count('cancel')]).toEqual([6, 6, 6])
  for (const one of more) if (one.origin) expect(rows.map(({ id }) => id)).toContain(one.origin.row)
  expect(
    augmentRows(rows, settings({ amount: 'target', target: 2 })).filter((one) => one.label === 'track'),
  ).toHaveLength(2)
})

test('rows of validation and test, rows out of scope and rows without a label make none', () => {
  const alone = [
    row('v', 'where is my parcel', 'track', { split: 'validation' }),
    row('t', 'where is the parcel', 'track', { split: 'test' }),
    { id: 'o', text: 'what is the parcel of land', outOfScope: true },
    { id: 'n', text: 'and now my parcel' },
  ]
  expect(augmentRows(alone, settings())).toEqual(alone)
  expect(augmentRows(rows, settings({ shares: off }))).toEqual(rows)
})

test('entities keep their words and move with them', () => {
  const text = 'please send my parcel to Paris on Monday evening'
  const at = (word: string) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length })
  const source = row('1', text, 'move', {
    entities: [
      { ...at('Paris'), type: 'city' },
      { ...at('Monday'), type: 'day' },
    ],
  })
  const made = augmentRows([source], settings({ factor: 20 })).slice(1)
  expect(made.length).toBeGreaterThan(5)
  for (const one of made)
    expect(one.entities!.map(({ start, end, type }) => [one.text.slice(start, end), type])).toEqual([
      ['Paris', 'city'],
      ['Monday', 'day'],
    ])
})

test('made rows stay with their source, and only genuine rows are held out to judge and calibrate by', () => {
  const given = Array.from({ length: 60 }, (_, i) => row(String(i), `where is parcel number ${i} of mine`, `l${i % 3}`))
  const labels = ['l0', 'l1', 'l2'].map((id) => ({ id, name: id }))
  const set = toTrainingSet(augmentRows(given, settings()), [], labels)
  expect(set.train).toHaveLength(180)
  const dealt = dealHeldOut(set.train, 5, 1)
  const foldOf = new Map(given.map(({ id }) => [id, dealt[set.train.findIndex((one) => one.id === id)]]))
  for (const [i, one] of set.train.entries()) expect(dealt[i]).toBe(foldOf.get(one.group!))
  const split = holdOut(set, 1)
  expect(split.validation.length).toBeGreaterThan(3)
  expect(split.validation.some((one) => one.made)).toBe(false)
  const out = new Set(split.validation.map((one) => one.id))
  for (const one of split.train) expect(out.has(one.group!)).toBe(false)
  expect(split.train.length + 3 * split.validation.length).toBe(180)
})

test('made rows that stray into validation are not judged by', () => {
  const labels = ['track', 'refund', 'cancel'].map((id) => ({ id, name: id }))
  expect(toTrainingSet(rows, augmentRows(rows, settings()), labels).validation).toHaveLength(rows.length)
})
