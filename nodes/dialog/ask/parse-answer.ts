import type { ConfigOf } from '#kit'
import type { Found, ReadOptions } from '#runtime/conditions/found.ts'
import { foldText } from '#runtime/conditions/normalise.ts'
import { type Option, parseChoice } from '#runtime/conditions/parse-choice.ts'
import { findOptions, parseChoices } from '#runtime/conditions/parse-choices.ts'
import { findDate, today } from '#runtime/conditions/parse-date.ts'
import { findEmail } from '#runtime/conditions/parse-email.ts'
import { findMoney } from '#runtime/conditions/parse-money.ts'
import { findNumber } from '#runtime/conditions/parse-number.ts'
import { findPhone } from '#runtime/conditions/parse-phone.ts'
import { findRating } from '#runtime/conditions/parse-rating.ts'
import { findTime, momentAt } from '#runtime/conditions/parse-time.ts'
import { findYesNo } from '#runtime/conditions/parse-yes-no.ts'
import { findPattern } from '#runtime/conditions/pattern.ts'
import type { Answer } from './answer.ts'
import type { ask } from './node.ts'

type Config = ConfigOf<typeof ask>
interface Clock {
  now: string
  timeZone: string
}

/**
 * What words mean for the kind that was asked for, and which part of them says it; null where they do not fit. `amid`: they were
 * no answer to the question, so that only what is unmistakable counts, and what any number or any words would be is never found.
 */
export function parseAnswer(
  config: Config,
  text: string,
  at: Clock,
  { amid = false }: ReadOptions = {},
): Found<Answer> | null {
  switch (config.kind) {
    // Words are no file, whatever they say.
    case 'file':
      return null
    case 'text':
      return amid ? null : wholeText(config, text)
    case 'number':
      return amid ? null : inRange(config, findNumber(text))
    case 'yes-no':
      return amid ? null : findYesNo(text)
    case 'rating':
      return amid ? null : findRating(text, config.scale)
    case 'money':
      return inRange(config, findMoney(text, { amid }))
    case 'date':
      return onSide(config, findDate(text, { ...at, dates: config.dates, amid }), today(at.now, at.timeZone))
    case 'time':
      return onSide(
        config,
        findTime(text, { ...at, dates: config.dates, amid }),
        momentAt(Date.parse(at.now), at.timeZone),
      )
    case 'phone':
      return findPhone(text)
    case 'email':
      return findEmail(text)
    case 'pattern': {
      const found = findPattern(config.pattern, text.normalize('NFKC'))
      return found === null ? null : { value: found, text: found }
    }
    case 'choice':
      return amid ? namedChoice(config, text) : config.several ? severalChoices(config, text) : oneChoice(config, text)
  }
}

function wholeText({ minLength, maxLength }: Config, text: string): Found<string> | null {
  const value = text.trim()
  const length = [...value].length
  if (value === '' || (minLength !== null && length < minLength)) return null
  return maxLength !== null && length > maxLength ? null : { value, text: value }
}

function inRange({ min, max }: Config, found: Found<number> | null): Found<number> | null {
  if (found === null || (min !== null && found.value < min)) return null
  return max !== null && found.value > max ? null : found
}

/** Days and moments are texts that sort as time goes. */
function onSide({ dates }: Config, found: Found<string> | null, now: string): Found<string> | null {
  if (found === null || (dates === 'past' && found.value > now)) return null
  return dates === 'future' && found.value < now ? null : found
}

function optionsOf(config: Config, withValues: boolean): Option[] {
  return config.choices.map(({ id, text, value }) => ({
    value: id,
    texts: [...Object.values(text), ...(withValues ? [value] : [])].filter((wording) => wording !== ''),
  }))
}

function keptOf(config: Config, id: string): string {
  return config.choices.find((item) => item.id === id)?.value || id
}

function oneChoice(config: Config, text: string): Found<string> | null {
  const options = optionsOf(config, true)
  const id = parseChoice(text, options)
  if (id === null) return null
  const folded = foldText(text)
  const wordings = options.find(({ value }) => value === id)?.texts.map(foldText) ?? []
  const said = wordings.filter((wording) => folded.includes(wording)).sort((a, b) => b.length - a.length)[0]
  return { value: keptOf(config, id), text: said ?? text.trim() }
}

function severalChoices(config: Config, text: string): Found<string[]> | null {
  const ids = parseChoices(text, optionsOf(config, true))
  return ids === null ? null : { value: ids.map((id) => keptOf(config, id)), text: text.trim() }
}

/** The stored values are for other blocks: nobody means "other" by saying it amid other words. */
function namedChoice(config: Config, text: string): Found<Answer> | null {
  const named = findOptions(text, optionsOf(config, false))
  const [first, last] = [named[0], named.at(-1)]
  if (!first || !last || (named.length > 1 && !config.several)) return null
  if (!config.several) return { value: keptOf(config, first.value), text: first.text }
  const folded = foldText(text)
  const span = folded.slice(folded.indexOf(first.text), folded.lastIndexOf(last.text) + last.text.length)
  return { value: named.map(({ value }) => keptOf(config, value)), text: span }
}
