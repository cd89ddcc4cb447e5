import { z } from 'zod'

/** BCP 47 tag of a language that a bot speaks, such as `zh-CN` or `en`. */
export const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)

/** A text that a visitor reads, one entry a language. An entry may hold `{{variable}}` placeholders, filled once and never parsed again. */
export const localText = z.record(language, z.string().max(10_000))
export type LocalText = z.infer<typeof localText>

/** Picks the text for a language: exact tag, then same base language, then the first that is not empty. */
export function pickText(text: LocalText, wanted: string): string {
  const base = wanted.split('-')[0]
  const exact = text[wanted]
  if (exact) return exact
  for (const [tag, value] of Object.entries(text)) if (tag.split('-')[0] === base && value) return value
  return Object.values(text).find((value) => value !== '') ?? ''
}

export function hasWords(text: LocalText): boolean {
  return Object.values(text).some((words) => words.trim() !== '')
}
