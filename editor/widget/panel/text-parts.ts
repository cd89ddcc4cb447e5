import { safeUrl } from '#kit/safe-url.ts'

/** Where a link may begin and end in running text. */
const link = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'“”‘’「」《》（）()，。；：！？、]+/gi
/** A full stop or comma after an address belongs to the sentence. */
const tail = /[.,;:!?]+$/

export type TextPart = { text: string; href?: string }

/** A reply's text cut into plain text and links, in order; together they are the text. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(link)) {
    const href = match[0].replace(tail, '')
    if (safeUrl(href, 'link') === null) continue
    if (match.index > at) parts.push({ text: text.slice(at, match.index) })
    parts.push({ text: href, href })
    at = match.index + href.length
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}
