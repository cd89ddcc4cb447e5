import type { ConfigOf, UserMessage } from '#kit'
import { parseChoice } from '#runtime/conditions/parse-choice.ts'
import { parseDate } from '#runtime/conditions/parse-date.ts'
import { parseNumber } from '#runtime/conditions/parse-number.ts'
import { findPattern } from '#runtime/conditions/pattern.ts'
import type { ask } from './node.ts'

/** What the answer means for the kind that was asked for, or null where it does not fit. */
export function parseAnswer(
  config: ConfigOf<typeof ask>,
  message: UserMessage,
  at: { node: string; now: string; timeZone: string },
): string | number | null {
  switch (config.kind) {
    case 'text':
      return message.text.trim() || null
    case 'number': {
      const value = parseNumber(message.text)
      if (value === null || (config.min !== null && value < config.min)) return null
      return config.max !== null && value > config.max ? null : value
    }
    case 'date': {
      const day = parseDate(message.text, { now: at.now, timeZone: at.timeZone, dates: config.dates })
      const today = parseDate('today', { now: at.now, timeZone: at.timeZone })
      if (day === null || today === null) return null
      if (config.dates === 'past' && day > today) return null
      return config.dates === 'future' && day < today ? null : day
    }
    case 'pattern':
      return findPattern(config.pattern, message.text.normalize('NFKC'))
    case 'choice': {
      const clicked = message.choice?.block === at.node ? message.choice.value : null
      const id =
        clicked ??
        parseChoice(
          message.text,
          config.choices.map((item) => ({
            value: item.id,
            texts: [...Object.values(item.text), item.value].filter((text) => text !== ''),
          })),
        )
      const chosen = config.choices.find((item) => item.id === id)
      return chosen ? chosen.value || chosen.id : null
    }
  }
}
