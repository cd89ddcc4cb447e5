import type { EntitySpan } from '#kit'

/** Full-width forms U+FF01..U+FF5E to ASCII and the ideographic space to a plain one; everything else stays. */
function toHalfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
}

export interface CleaningForm {
  characters: 'keep' | 'width' | 'nfkc'
  trim: boolean
  letters: 'keep' | 'lower'
}

/** One text in the form that the block's config asks for (NFKC: Unicode Standard Annex 15). */
export function cleanText(text: string, how: CleaningForm): string {
  const clean = cleanPart(text, how)
  return how.trim ? clean.trim() : clean
}

function cleanPart(text: string, { characters, trim, letters }: CleaningForm): string {
  let clean = text
  if (characters === 'nfkc') clean = clean.normalize('NFKC')
  else if (characters === 'width') clean = toHalfWidth(clean)
  if (trim) clean = clean.replace(/\s+/gu, ' ')
  return letters === 'lower' ? clean.toLowerCase() : clean
}

/**
 * The entities of a text in `cleanText` of it. Null where the form joins characters across the edge of one (a letter and an accent that
 * stands behind it), so that it has no place any more.
 */
export function cleanEntities(text: string, entities: readonly EntitySpan[], how: CleaningForm): EntitySpan[] | null {
  const whole = cleanText(text, how)
  const found: EntitySpan[] = []
  for (const { start, end, type } of entities) {
    const part = text.slice(start, end)
    const from = start + part.length - part.trimStart().length
    const before = cleanPart(text.slice(0, from), how)
    const own = cleanPart(part.trim(), how)
    const behind = cleanPart(text.slice(from + part.trim().length), how)
    const ahead = how.trim ? before.trimStart() : before
    if (own === '' || ahead + own + (how.trim ? behind.trimEnd() : behind) !== whole) return null
    found.push({ start: ahead.length, end: ahead.length + own.length, type })
  }
  return found
}
