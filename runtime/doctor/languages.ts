import type { DatasetRow } from '#kit'
import { detectLanguage } from '#runtime/language/detect-language.ts'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'

/** From this share on a set or a label is in one language, and others came in by mistake. */
const clear = 0.9
/** Fewer rows say nothing about the language of a label. */
const fewest = 10
/** Of fewer letters names and borrowed words cannot be told from another language. */
const leastLetters = 10
/** Languages of the same letters share words: a short text of one looks like another. */
const leastOfSameLetters = 30

const known = ['zh', 'ja', 'ko', 'en', 'fr', 'de', 'es', 'pt', 'it', 'nl', 'pl', 'tr', 'vi', 'id', 'ru', 'uk', 'ar', 'fa', 'he', 'th', 'hi', 'el']
const latin = new Set(['en', 'fr', 'de', 'es', 'pt', 'it', 'nl', 'pl', 'tr', 'vi', 'id'])

/** Rows in another language than nearly all of their label, or of the set. */
export async function findLanguages({ rows }: DoctorSet): Promise<Finding> {
  const spoken = new Map<string, string>()
  for (const row of rows) {
    const language = await languageOf(row)
    if (language !== undefined) spoken.set(row.id, language)
  }
  const mainOfAll = mainOf(rows, spoken, clear)
  const byLabel = new Map<string, DatasetRow[]>()
  for (const row of rows) if (row.label !== undefined) byLabel.set(row.label, [...(byLabel.get(row.label) ?? []), row])
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

async function languageOf({ text }: DatasetRow): Promise<string | undefined> {
  if (lettersOf(text) < leastLetters && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text))
    return undefined
  return detectLanguage(text.slice(0, 400), known)
}

function lettersOf(text: string): number {
  return text.slice(0, 400).match(/\p{L}/gu)?.length ?? 0
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
