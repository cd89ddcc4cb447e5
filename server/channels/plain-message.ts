import type { Part } from '#kit'
import { cardsIn, imageIn } from '#kit/content-parts.ts'
import { isButtons } from '#runtime/conversation/render.ts'
import type { Message } from '#server/api/dto.ts'

/** A message for whoever shows nothing but words: buttons by number, pictures and links by address. */
export function plainMessage({ parts, text }: Pick<Message, 'parts' | 'text'>): string {
  const lines = parts.map(plainPart).filter((line) => line !== '')
  return lines.length > 0 ? lines.join('\n') : text
}

/** A number is understood as an answer to buttons. */
export function plainPart(part: Part): string {
  if (part.type === 'pace') return ''
  if (isButtons(part)) return part.options.map(({ text }, index) => `${index + 1}. ${text}`).join('\n')
  const fields: Record<string, unknown> = { ...part }
  const image = imageIn(fields)
  if (image) return [image.text, image.url].filter(Boolean).join(' ')
  const cards = cardsIn(fields)
  if (cards.length > 0)
    return cards
      .map(({ title, text, image: picture, link }) =>
        [title, text, picture, link && (link.text === link.url ? link.url : `${link.text} ${link.url}`)]
          .filter(Boolean)
          .join('\n'),
      )
      .join('\n\n')
  return [fields.text, fields.url].filter((one) => typeof one === 'string' && one !== '').join(' ')
}
