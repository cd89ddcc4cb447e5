import type { DoctorSet, Finding } from './finding.ts'

/** Tokens that the built-in encoder reads of a text; what comes after them is cut off. */
const mostTokens = 256
/** A token holds a Chinese, Japanese or Korean character, or about this many letters of a word. */
const lettersOfToken = 6

/** Rows of which no model can learn: without a letter or with a single sign, and those whose end it never sees. */
export function findLengths({ rows }: DoctorSet): [short: Finding, long: Finding] {
  const short: Finding = { kind: 'too-short', cases: [], ways: ['remove'] }
  const long: Finding = { kind: 'too-long', cases: [], ways: ['remove'] }
  for (const { id, text } of rows) {
    const signs = text.match(/[\p{L}\p{N}]/gu)
    const cut = cutAt(text)
    if (signs === null || signs.length < 2) short.cases.push({ row: id, fix: { do: 'remove' } })
    else if (cut !== null) long.cases.push({ row: id, fix: { do: 'remove' }, marks: [[cut, text.length]] })
  }
  return [short, long]
}

/** Where an encoder stops to read; null where it reads all. */
function cutAt(text: string): number | null {
  if (text.length <= mostTokens) return null
  let tokens = 2
  for (const { 0: part, index } of text.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[\p{L}\p{N}\p{M}]{1,6}|[\p{P}\p{S}]/gu,
  )) {
    tokens += Math.ceil(part.length / lettersOfToken)
    if (tokens > mostTokens) return index
  }
  return null
}
