import type { AugmentationWay, DatasetRow, EntitySpan } from '#kit'
import { seededRandom, shuffled } from '../seeded.ts'
import { labelsOf } from '../training-set.ts'
import { mistypeLetters } from './keyboard-typos.ts'
import { mistypePinyin } from './pinyin-typos.ts'
import { exchangeSynonyms, parseSynonyms } from './synonyms.ts'
import { oneOf } from './words.ts'
import { deleteWords, swapWords } from './words-moved.ts'

export interface Augmentation {
  /** `factor`: so many new rows for each genuine one of a label. `target`: so many rows a label, genuine ones counted. */
  amount: 'factor' | 'target'
  factor: number
  target: number
  /** Share of the words or characters that each way changes, 0..1; 0: that way is not used. */
  shares: Readonly<Record<AugmentationWay, number>>
  /** See `parseSynonyms`. */
  synonyms: string
  seed: number
}

/** Each round takes every source of a label once; after so many that gave nothing new there is nothing new. */
const mostIdleRounds = 10

/** Changes a text or says that it cannot (null). */
type Change = (text: string, random: () => number) => string | null

/**
 * The rows and, behind them, new ones made from those that teach: rows out of scope, rows with neither a label nor an answer and rows of
 * validation and test stay alone. A new row has a text that no other row has, whatever its label, the label and the second text of its source, and says in `origin` what it was made from;
 * entities keep their words and move with them. Where texts give no more, there are fewer. The same rows and seed give the same ones.
 */
export function augmentRows(rows: readonly DatasetRow[], settings: Augmentation): DatasetRow[] {
  const random = seededRandom(settings.seed)
  const ways = changesOf(settings)
  const taken = new Set(rows.map((row) => textKey(row.text)))
  const ids = new Set(rows.map((row) => row.id))
  const teaching = rows.filter((row) => !row.outOfScope && isTrain(row) && keyOf(row) !== undefined)
  const made: DatasetRow[] = []
  for (const own of byKey(teaching)) {
    const sources = own.filter((row) => !row.origin)
    let left = settings.amount === 'factor' ? settings.factor * sources.length : settings.target - own.length
    for (let idle = 0; left > 0 && idle < mostIdleRounds; idle++) {
      for (const source of shuffled(sources, random)) {
        if (left <= 0) break
        const fresh = changed(source, shuffled(ways, random), taken, random)
        if (!fresh) continue
        taken.add(textKey(fresh.text))
        made.push({ ...source, ...fresh, id: freshId(source.id, ids) })
        left--
        idle = -1
      }
    }
  }
  return [...rows, ...made]
}

const isTrain = ({ split }: DatasetRow): boolean => split === undefined || split === 'train'

/** Texts that a person would take for the same. */
const textKey = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** What a row teaches: its first label, or where it has none, its answer. */
function keyOf(row: DatasetRow): string | undefined {
  const [label] = labelsOf(row)
  if (label !== undefined) return `label ${label}`
  return row.pair === undefined ? undefined : `answer ${row.pair}`
}

function byKey(rows: readonly DatasetRow[]): DatasetRow[][] {
  const found = new Map<string, DatasetRow[]>()
  for (const row of rows) {
    const key = keyOf(row)!
    const list = found.get(key)
    if (list) list.push(row)
    else found.set(key, [row])
  }
  return [...found.values()]
}

function changesOf({ shares, synonyms }: Augmentation): [AugmentationWay, Change][] {
  const table = parseSynonyms(synonyms)
  const all: Record<AugmentationWay, Change> = {
    synonyms: (text, random) => exchangeSynonyms(text, table, shares.synonyms, random),
    swap: (text, random) => swapWords(text, shares.swap, random),
    delete: (text, random) => deleteWords(text, shares.delete, random),
    keyboard: (text, random) => mistypeLetters(text, shares.keyboard, random),
    pinyin: (text, random) => mistypePinyin(text, shares.pinyin, random),
  }
  return (Object.entries(all) as [AugmentationWay, Change][]).filter(([way]) => shares[way] > 0)
}

/** The first way that makes a new text of it. */
function changed(
  source: DatasetRow,
  ways: readonly [AugmentationWay, Change][],
  taken: ReadonlySet<string>,
  random: () => number,
): Pick<DatasetRow, 'text' | 'entities' | 'origin'> | undefined {
  for (const [way, change] of ways) {
    const fresh = changeOutside(source.text, source.entities ?? [], change, random)
    if (fresh === undefined || taken.has(textKey(fresh.text))) continue
    const entities = source.entities && { entities: fresh.entities }
    return { text: fresh.text, ...entities, origin: { row: source.id, way } }
  }
  return undefined
}

/** Changes one of the parts between the entities; white space at the edges of a part stays. */
function changeOutside(
  text: string,
  entities: readonly EntitySpan[],
  change: Change,
  random: () => number,
): { text: string; entities: EntitySpan[] } | undefined {
  const edges = [0, ...entities.flatMap(({ start, end }) => [start, end]), text.length]
  const parts = Array.from({ length: entities.length + 1 }, (_, i) => {
    const part = text.slice(edges[2 * i], edges[2 * i + 1])
    const start = edges[2 * i]! + part.length - part.trimStart().length
    return { start, end: start + part.trim().length }
  }).filter(({ start, end }) => end > start)
  const part = oneOf(parts, random)
  if (!part) return undefined
  const fresh = change(text.slice(part.start, part.end), random)
  if (fresh === null || fresh === '') return undefined
  const by = fresh.length - (part.end - part.start)
  return {
    text: text.slice(0, part.start) + fresh + text.slice(part.end),
    entities: entities.map((span) =>
      span.start >= part.end ? { ...span, start: span.start + by, end: span.end + by } : span,
    ),
  }
}

function freshId(source: string, ids: Set<string>): string {
  let number = 1
  while (ids.has(`${source}~${number}`)) number++
  const id = `${source}~${number}`
  ids.add(id)
  return id
}
