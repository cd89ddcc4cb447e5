import iconv from 'iconv-lite'
import type { DatasetRow, LabelRef } from '#kit'
import { seededRandom, shuffled } from '#runtime/training/seeded.ts'
import type { SourceRow } from './clean-rows.ts'
import { closings, foreign, openings, type PersonalKind, personal, tooShort } from './plant-words.ts'

/** What is planted, by the detector that must find it. */
export type Fault =
  | 'label-variants'
  | 'copies'
  | 'near-copies'
  | 'conflicts'
  | 'doubtful-labels'
  | 'few-rows'
  | 'imbalance'
  | 'language'
  | 'too-short'
  | 'too-long'
  | `personal-${PersonalKind}`
  | 'boilerplate'
  | 'encoding'

export interface PlantedSet {
  rows: DatasetRow[]
  labels: LabelRef[]
  /** Rows by what was planted in them. Of copies and conflicts both sides are told, for either may be the one to go. */
  planted: Map<Fault, Set<string>>
  /** Of those, what a detector must name: one row of two copies is enough. */
  wanted: Map<Fault, string[][]>
}

/** Of the clean rows, the share that each fault is planted in. */
const share = 0.02

/**
 * Plants each fault in rows of its own. The same rows and seed always give the same set. Rules, with `share` = 2 % of the rows unless said:
 *
 * - label-variants: rows of five labels get the label in other case, full width, with spaces, other joints or a full stop;
 * - copies: the row again, in other case, full width, with other spaces;
 * - near-copies: a long row again with one letter doubled, swapped or dropped, or one particle or mark more;
 * - conflicts: the row again under another label;
 * - doubtful-labels: another label, any with the same chance (4 %);
 * - few-rows: three labels are cut to one, two and four rows; imbalance: two labels are cut to six rows;
 * - language: a sentence of another script (in Chinese rows English ones, else Chinese, Russian and Japanese ones);
 * - too-short: no letter, or one; too-long: rows joined until no encoder reads the end (six of them);
 * - personal-*: a phone number, mail address, identity card, bank card, address or name with what people say around it (1 % each);
 * - boilerplate: two openings and one closing (2 % each) around rows of all labels;
 * - encoding: UTF-8 read as Latin 1, Windows 1252 or GBK, GBK read as Latin 1, lost characters.
 */
export function plantFaults(source: readonly SourceRow[], seed: number): PlantedSet {
  const random = seededRandom(seed)
  const names = [...new Set(source.map(({ label }) => label))]
  const labels: LabelRef[] = names.map((name, i) => ({ id: `lbl_${i}`, name }))
  const ids = new Map(labels.map(({ id, name }) => [name, id]))
  const rows: DatasetRow[] = source.map(({ text, label }, i) => ({ id: `row_${i}`, text, label: ids.get(label)! }))
  const chinese = rows.filter(({ text }) => /\p{Script=Han}/u.test(text)).length > rows.length / 2
  const planted = new Map<Fault, Set<string>>()
  const wanted = new Map<Fault, string[][]>()
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const note = (fault: Fault, touched: string[], must: string[] = touched): void => {
    const all = planted.get(fault) ?? new Set()
    for (const id of touched) all.add(id)
    planted.set(fault, all)
    wanted.set(fault, [...(wanted.get(fault) ?? []), must])
  }
  const many = (of: number): number => Math.max(6, Math.round(source.length * of))

  // Labels that are cut come first, and nothing else is planted in them or in those with variants.
  const order = shuffled(labels, random)
  const cut = [1, 2, 4, 6, 6]
  const gone = new Set<string>()
  for (const [at, left] of cut.entries()) {
    const own = shuffled(
      rows.filter(({ label }) => label === order[at]!.id),
      random,
    )
    for (const { id } of own.slice(left)) gone.add(id)
    for (const { id } of own.slice(0, left)) note(left < 5 ? 'few-rows' : 'imbalance', [id])
  }
  const kept = rows.filter(({ id }) => !gone.has(id))
  const spoiled = new Set(order.slice(0, cut.length).map(({ id }) => id))
  const variants = order.slice(cut.length, cut.length + 5)
  for (const [at, { id, name }] of variants.entries()) {
    spoiled.add(id)
    const other = variantOf(name, at)
    const variant = { id: `lbl_v${at}`, name: other }
    labels.push(variant)
    spoiled.add(variant.id)
    const all = kept.filter(({ label }) => label === id)
    // Fewer than half: the label that most rows have is the right one.
    const own = shuffled(all, random).slice(0, all.length / 4)
    for (const row of own) {
      row.label = variant.id
      note('label-variants', [row.id])
    }
  }

  const free = shuffled(
    kept.filter(({ label }) => !spoiled.has(label!)),
    random,
  )
  const usable = labels.filter(({ id }) => !spoiled.has(id) && !id.startsWith('lbl_v'))
  const take = (count: number, fits: (row: DatasetRow) => boolean = () => true): DatasetRow[] => {
    const found: DatasetRow[] = []
    for (let i = free.length - 1; i >= 0 && found.length < count; i--)
      if (fits(free[i]!)) found.push(...free.splice(i, 1))
    return found
  }
  const added: DatasetRow[] = []
  const again = (row: DatasetRow, change: Partial<DatasetRow>): DatasetRow => {
    const copy = { ...row, ...change, id: `row_${rows.length + added.length}` }
    added.push(copy)
    return copy
  }
  const other = (label: string): string => pick(usable.filter(({ id }) => id !== label)).id

  for (const [i, row] of take(many(share)).entries()) {
    const copy = again(row, { text: copyOf(row.text, i) })
    note('copies', [row.id, copy.id], [row.id, copy.id])
  }
  for (const row of take(many(share), ({ text }) => [...text].length >= (chinese ? 12 : 30))) {
    const copy = again(row, { text: nearCopyOf(row.text, chinese, random) })
    note('near-copies', [row.id, copy.id], [row.id, copy.id])
  }
  for (const row of take(many(share))) {
    const copy = again(row, { label: other(row.label!) })
    note('conflicts', [row.id, copy.id], [row.id, copy.id])
  }
  for (const row of take(many(2 * share))) {
    row.label = other(row.label!)
    note('doubtful-labels', [row.id])
  }
  for (const [i, row] of take(many(share)).entries()) {
    row.text = foreign(chinese ? 'zh' : 'en', i)
    note('language', [row.id])
  }
  for (const [i, row] of take(tooShort.length).entries()) {
    row.text = tooShort[i]!
    note('too-short', [row.id])
  }
  for (const row of take(6)) {
    const own = source.filter(({ label }) => ids.get(label) === row.label)
    while (lengthOf(row.text) < 700) row.text += `${chinese ? '，' : ', '}${pick(own).text}`
    note('too-long', [row.id])
  }
  for (const [kind, make] of Object.entries(personal))
    for (const [i, row] of take(many(share / 2)).entries()) {
      row.text = make(row.text, chinese ? 'zh' : 'en', i, random)
      note(`personal-${kind as PersonalKind}`, [row.id])
    }
  const around = [
    ...openings[chinese ? 'zh' : 'en'].map((opening) => (text: string) => opening + text),
    ...closings[chinese ? 'zh' : 'en'].map((closing) => (text: string) => text + closing),
  ]
  for (const put of around)
    for (const row of take(many(share))) {
      row.text = put(row.text)
      note('boilerplate', [row.id])
    }
  for (const [i, row] of take(many(share)).entries()) {
    row.text = damaged(row.text, chinese, i, random)
    note('encoding', [row.id])
  }
  return { rows: [...kept, ...added], labels, planted, wanted }
}

/** Tokens as encoders count them, about: a Han character is one, a word is one for four letters begun. */
function lengthOf(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const words = text.match(/[a-z0-9']+/gi) ?? []
  return han + words.reduce((sum, word) => sum + Math.ceil(word.length / 6), 0)
}

function variantOf(name: string, at: number): string {
  const wide = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
  const ways = [
    (text: string) => (text.toUpperCase() === text ? `${text}。` : text.toUpperCase()),
    wide,
    (text: string) => `${text.slice(0, 1)} ${text.slice(1)}`,
    (text: string) => (/[_-]/.test(text) ? text.replace(/[_-]/g, ' ') : `${text}.`),
    (text: string) => `${text}。`,
  ]
  const made = ways[at % ways.length]!(name)
  return made === name ? `${name}！` : made
}

function copyOf(text: string, at: number): string {
  const wide = text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
  const ways = [text, wide, text.toUpperCase(), ` ${text.replaceAll(' ', '  ')} `]
  return ways[at % ways.length]!
}

function nearCopyOf(text: string, chinese: boolean, random: () => number): string {
  const chars = [...text]
  const at = 1 + Math.floor(random() * (chars.length - 2))
  const ways = [
    () => chars.toSpliced(at, 0, chars[at]!),
    () => chars.toSpliced(at, 1),
    () => chars.toSpliced(at, 2, chars[at + 1]!, chars[at]!),
    () => [
      ...chars,
      ...(chinese ? pickOf(['吗', '呢', '啊', '？', '吧'], random) : pickOf(['?', ' now', ' pls'], random)),
    ],
  ]
  const made = ways[Math.floor(random() * ways.length)]!().join('')
  // A blank more or less makes a copy, not nearly one.
  const plain = (one: string) => one.replace(/\s/g, '')
  return plain(made) === plain(text) ? `${text}${chinese ? '呢' : ' pls'}` : made
}

const pickOf = (from: readonly string[], random: () => number): string => from[Math.floor(random() * from.length)]!

function damaged(text: string, chinese: boolean, at: number, random: () => number): string {
  const readAs = (encoding: string, written = 'utf8') => iconv.decode(iconv.encode(text, written), encoding)
  const middle = Math.floor(text.length / 2)
  const lost = text.slice(0, middle) + '\ufffd'.repeat(1 + Math.floor(random() * 3)) + text.slice(middle + 1)
  if (chinese) {
    const ways = [
      () => readAs('latin1'),
      () => readAs('win1252'),
      () => readAs('gbk'),
      () => readAs('latin1', 'gbk'),
      () => lost,
      () => `${text.slice(0, middle)}锟斤拷锟斤拷${text.slice(middle)}`,
    ]
    return ways[at % ways.length]!()
  }
  const said = pickOf(['I can’t see why: ', '“hello” ', 'it’s about café money — ', 'naïve question… '], random)
  const broken = (encoding: string) => iconv.decode(iconv.encode(said + text, 'utf8'), encoding)
  const ways = [() => broken('latin1'), () => broken('win1252'), () => broken('gbk'), () => lost]
  return ways[at % ways.length]!()
}
