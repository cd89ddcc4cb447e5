import { type Part, type PartTemplate, pickText } from '#kit'
import { fillPlaceholders } from '#kit/text-checks.ts'

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

/** Fills a message's texts once; values are never parsed again. Buttons without words are left out, as are empty texts. */
export function renderMessage(templates: readonly PartTemplate[], block: string, view: RenderView): BotMessage | null {
  const fill = (text: Record<string, string>): string =>
    fillPlaceholders(pickText(text, view.language), (name) => view.variables[name] ?? view.parameters[name]).trim()
  const parts: Part[] = []
  for (const template of templates) {
    if (template.type === 'buttons') {
      const options = template.options.map(({ value, text }) => ({ value, text: fill(text) }))
      const shown = options.filter(({ text }) => text !== '')
      if (shown.length > 0) parts.push({ type: 'buttons', block, options: shown })
    } else {
      const text = fill(template.text)
      if (text !== '') parts.push({ type: template.type, text })
    }
  }
  if (parts.length === 0) return null
  const role = parts.every((part) => part.type === 'notice') ? 'system' : 'bot'
  return { role, parts, text: plainText(parts), language: view.language }
}

/** Buttons become a numbered list, since a number is understood as an answer. */
export function plainText(parts: readonly Part[]): string {
  return parts
    .map((part) =>
      isButtons(part) ? part.options.map(({ text }, index) => `${index + 1}. ${text}`).join('\n') : (part.text ?? ''),
    )
    .filter((text) => text !== '')
    .join('\n')
}

export function isButtons(part: Part): part is Extract<Part, { type: 'buttons' }> {
  return part.type === 'buttons' && 'options' in part && Array.isArray(part.options)
}
