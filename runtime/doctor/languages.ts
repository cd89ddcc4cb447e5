import type { DatasetRow } from '#kit'
import { detectLanguage } from '#runtime/language/detect-language.ts'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'

/** From this share on a set or a label is in one language, and others came in by mistake. */
const clear = 0.9
/** Fewer rows say nothing about the language of a label. */
const fewest = 10
/** Of fewer letters names and borrowed words cannot be told from another language. */
const leastLetters = 10
/** Likewise of scripts in which a sign is a syllable or a word. */
const leastSyllables = 2
const syllables = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
/** The language of a long text shows in its beginning. */
const mostRead = 400
/** Rows whose language shows which words are usual. */
const sampled = 500
/** Languages of the same letters share words: a short text of one looks like another. */
const leastOfSameLetters = 30

const known = [
  'zh',
  'ja',
  'ko',
  'en',
  'fr',
  'de',
  'es',
  'pt',
  'it',
  'nl',
  'pl',
  'tr',
  'vi',
  'id',
  'ru',
  'uk',
  'ar',
  'fa',
  'he',
  'th',
  'hi',
  'el',
]
const latin = new Set(['en', 'fr', 'de', 'es', 'pt', 'it', 'nl', 'pl', 'tr', 'vi', 'id'])

/** Rows in another language than nearly all of their label, or of the set. */
export async function findLanguages({ rows }: DoctorSet): Promise<Finding> {
  const languageOf = await createLanguageGuess(rows)
  const spoken = new Map<string, string>()
  for (const row of rows) {
    const language = await languageOf(row)
    if (language !== undefined) spoken.set(row.id, language)
  }
  const mainOfAll = mainOf(rows, spoken, clear)
  const byLabel = new Map<string, DatasetRow[]>()
  for (const row of rows)
    if (row.label !== undefined) {
      const own = byLabel.get(row.label)
      if (own) own.push(row)
      else byLabel.set(row.label, [row])
    }
  const mainOfLabel = new Map([...byLabel].map(([label, own]) => [label, mainOf(own, spoken, clear)]))
  const cases: FoundCase[] = []
  for (const row of rows) {
    const main = mainOfAll ?? mainOfLabel.get(row.label ?? '')
    const own = spoken.get(row.id)
    if (!main || own === undefined || own === main) continue
    if (latin.has(own) && latin.has(main) && lettersOf(row.text) < leastOfSameLetters) continue
    // Chinese words stand in Japanese texts, not the other way round; a text of Han characters alone may be either.
    if (own === 'zh' && main === 'ja') continue
    cases.push({ row: row.id, fix: { do: 'remove' } })
  }
  return { kind: 'language', cases, ways: ['remove'] }
}

/**
 * The detector takes up to a millisecond for a text in Latin letters. Half a text in words of the language that most of a sample is in is in
 * that language: only the others are asked about.
 */
async function createLanguageGuess(rows: readonly DatasetRow[]) {
  const detect = async (
    { text }: DatasetRow,
    words: ReadonlySet<string>,
    main?: string,
  ): Promise<string | undefined> => {
    const read = text.slice(0, mostRead).normalize('NFKC')
    const letters = lettersOf(read)
    if (letters < (syllables.test(read) ? leastSyllables : leastLetters)) return undefined
    const own = /[^\p{Script=Latin}\P{L}]/u.test(read) ? [] : wordsOf(read)
    if (own.length > 0 && own.filter((word) => words.has(word)).length * 2 >= own.length) return main
    return detectLanguage(read, known)
  }
  const counts = new Map<string, { rows: number; words: Map<string, number> }>()
  const step = Math.max(1, Math.floor(rows.length / sampled))
  for (let at = 0; at < rows.length; at += step) {
    const language = await detect(rows[at]!, new Set())
    if (language === undefined || !latin.has(language)) continue
    const met = counts.get(language) ?? { rows: 0, words: new Map() }
    met.rows++
    for (const word of wordsOf(rows[at]!.text)) met.words.set(word, (met.words.get(word) ?? 0) + 1)
    counts.set(language, met)
  }
  const [main] = [...counts].sort((a, b) => b[1].rows - a[1].rows)
  const repeated = (met: ReadonlyMap<string, number>) =>
    new Set([...met].flatMap(([word, count]) => (count > 1 ? [word] : [])))
  // Rows that are sure by the words of the sample show the other words of the language.
  const usual = repeated(main?.[1].words ?? new Map())
  const all = new Map<string, number>()
  for (const { text } of rows) {
    const own = wordsOf(text.slice(0, mostRead))
    if (own.length > 0 && own.filter((word) => usual.has(word)).length * 2 >= own.length)
      for (const word of own) all.set(word, (all.get(word) ?? 0) + 1)
  }
  const words = repeated(all)
  return (row: DatasetRow) => detect(row, words, main?.[0])
}

const wordsOf = (text: string): string[] => [...new Set(text.toLowerCase().match(/\p{L}+/gu))]

function lettersOf(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0
}

function mainOf(rows: readonly DatasetRow[], spoken: ReadonlyMap<string, string>, share: number): string | undefined {
  const counts = new Map<string, number>()
  let all = 0
  for (const { id } of rows) {
    const language = spoken.get(id)
    if (language === undefined) continue
    counts.set(language, (counts.get(language) ?? 0) + 1)
    all++
  }
  if (all < fewest) return undefined
  return [...counts].find(([, count]) => count > share * all)?.[0]
}
