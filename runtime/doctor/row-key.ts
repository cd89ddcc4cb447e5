import type { DatasetRow } from '#kit'
import { bareText, foldText } from '#runtime/conditions/normalise.ts'

/** Texts with the same of this say the same: NFKC, lower case, without blanks (Unicode Standard Annex 15). */
export function textKey(text: string): string {
  return foldText(text).replace(/\s+/gu, '')
}

/** As `textKey` of all that is asked of a model at once: with another answer the same question is another row. */
export function rowKey({ text, pair }: DatasetRow): string {
  return pair === undefined ? textKey(text) : `${textKey(text)}\n${textKey(pair)}`
}

/** Labels with the same of this are one label written differently. A label of signs alone is what it is. */
export function labelKey(name: string): string {
  return bareText(name) || foldText(name)
}

/** What a row outside of all labels means; no label has this id. */
export const outside = '\u0000'

/** Rows with the same of this are taught the same: an id of a label, `outside`, or nothing. */
export function meaningOf({ label, outOfScope }: DatasetRow): string {
  return outOfScope ? outside : (label ?? '')
}
