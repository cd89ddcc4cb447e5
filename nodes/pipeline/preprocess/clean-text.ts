/** Full-width forms U+FF01..U+FF5E to ASCII and the ideographic space to a plain one; everything else stays. */
function toHalfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
}

/** One text in the form that the block's config asks for (NFKC: Unicode Standard Annex 15). */
export function cleanText(
  text: string,
  how: { characters: 'keep' | 'width' | 'nfkc'; trim: boolean; letters: 'keep' | 'lower' },
): string {
  let clean = text
  if (how.characters === 'nfkc') clean = clean.normalize('NFKC')
  else if (how.characters === 'width') clean = toHalfWidth(clean)
  if (how.trim) clean = clean.replace(/\s+/gu, ' ').trim()
  if (how.letters === 'lower') clean = clean.toLowerCase()
  return clean
}
