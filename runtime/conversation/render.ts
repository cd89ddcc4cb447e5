import { type Card, type CardTemplate, type Part, type PartTemplate, paceOf, pickText, type SourcePart } from '#kit'
import { safeUrl } from '#kit/safe-url.ts'
import { fillPlaceholders } from '#kit/text-checks.ts'
import { fillUrl } from '#kit/url-checks.ts'

/** One message of the bot, rendered: `text` is what a channel without parts would show. */
export interface BotMessage {
  role: 'bot' | 'system'
  parts: Part[]
  text: string
  language: string
}

export interface RenderView {
  language: string
  variables: Readonly<Record<string, unknown>>
  parameters: Readonly<Record<string, unknown>>
}

/**
 * Fills a message's texts once; values are never parsed again. Buttons without words are left out, as are empty texts, cards without a
 * title, and addresses that may not be used.
 */
export function renderMessage(templates: readonly PartTemplate[], block: string, view: RenderView): BotMessage | null {
  const fill = filler(view)
  const parts = templates.flatMap((template) => renderPart(template, block, fill) ?? [])
  if (parts.length === 0) return null
  const role = parts.every((part) => part.type === 'notice') ? 'system' : 'bot'
  const text = plainText(parts)
  // Behind all that is shown, since callers of the API look at the first part for words.
  if (templates.some(({ type }) => type === 'pace')) parts.push({ type: 'pace', ms: paceOf(text) })
  return { role, parts, text, language: view.language }
}

/** What fills the places of a message. */
interface Fill {
  language: string
  text(text: Record<string, string>): string
  link(address: string): string | null
  image(address: string): string | null
}

function filler({ language, variables, parameters }: RenderView): Fill {
  const lookUp = (name: string): unknown => variables[name] ?? parameters[name]
  return {
    language,
    text: (text) => fillPlaceholders(pickText(text, language), lookUp).trim(),
    link: (address) => fillUrl(address, 'link', lookUp),
    image: (address) => fillUrl(address, 'image', lookUp),
  }
}

function renderPart(template: PartTemplate, block: string, fill: Fill): Part | null {
  switch (template.type) {
    case 'pace':
      return null
    case 'upload':
      return { type: 'upload', block }
    case 'verbatim':
      return template.text === '' ? null : { type: 'text', text: template.text }
    case 'source':
      return renderSource(template.source, fill.language)
    case 'buttons': {
      const options = template.options.map(({ value, text }) => ({ value, text: fill.text(text) }))
      const shown = options.filter(({ text }) => text !== '')
      return shown.length > 0 ? { type: 'buttons', block, options: shown } : null
    }
    case 'image': {
      const url = fill.image(template.url)
      return url === null ? null : { type: 'image', url, text: fill.text(template.text) }
    }
    case 'cards': {
      const cards = template.cards.map((card) => renderCard(card, fill)).filter(({ title }) => title !== '')
      return cards.length > 0 ? { type: 'cards', cards, text: cards.map(cardText).join('\n') } : null
    }
    default: {
      const text = fill.text(template.text)
      return text === '' ? null : { type: template.type, text }
    }
  }
}

/** Where words are from: a document's title, and the headings and the page in it. Nothing of a document is filled. */
function renderSource(
  { title, headings, page, url, question }: Extract<PartTemplate, { type: 'source' }>['source'],
  language: string,
): SourcePart | null {
  const chinese = language.startsWith('zh')
  const name = title || question
  if (!name) return null
  const pages = page === undefined ? [] : [chinese ? `第 ${page} 页` : `page ${page}`]
  const place = [...(title && question ? [question] : headings), ...pages].join(' › ')
  const link = url === undefined ? null : safeUrl(url, 'link')
  const safe = link?.startsWith('http') ? link : null
  const words = [name, place, safe].filter(Boolean).join(' · ')
  return {
    type: 'source',
    title: name,
    ...(place === '' ? {} : { place }),
    ...(safe === null ? {} : { url: safe }),
    text: chinese ? `来源：${words}` : `Source: ${words}`,
  }
}

function renderCard({ title, text, image, link }: CardTemplate, fill: Fill): Card {
  const picture = fill.image(image)
  const url = fill.link(link.url)
  return {
    title: fill.text(title),
    text: fill.text(text),
    ...(picture !== null && { image: picture }),
    ...(url !== null && { link: { url, text: fill.text(link.text) || url } }),
  }
}

/** A card in words, its link with the address that a reader without a browser needs. */
function cardText({ title, text, link }: Card): string {
  const target = link && (link.text === link.url ? link.url : `${link.text}: ${link.url}`)
  return [title, text, target].filter(Boolean).join('\n')
}

/** Buttons become a numbered list, since a number is understood as an answer. */
export function plainText(parts: readonly Part[]): string {
  return parts
    .map((part) =>
      isButtons(part)
        ? part.options.map(({ text }, index) => `${index + 1}. ${text}`).join('\n')
        : 'text' in part
          ? (part.text ?? '')
          : '',
    )
    .filter((text) => text !== '')
    .join('\n')
}

export function isButtons(part: Part): part is Extract<Part, { type: 'buttons' }> {
  return part.type === 'buttons' && 'options' in part && Array.isArray(part.options)
}
