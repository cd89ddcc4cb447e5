import type { Found, ReadOptions } from './found.ts'
import { foldText } from './normalise.ts'
import { chineseNumber } from './parse-number.ts'

/** A day without a time, `YYYY-MM-DD`. */
export type Day = string
export interface DateOptions extends ReadOptions {
  /** ISO 8601 instant. */
  now: string
  /** IANA name, in which `now` falls on some day. */
  timeZone: string
  /** Which way a day without a year, a month or a week leans; `any`: the nearest. */
  dates?: 'any' | 'past' | 'future'
}

const formatters = new Map<string, Intl.DateTimeFormat>()
/** The day that it is now in a time zone. */
export function today(now: string, timeZone: string): Day {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(timeZone, formatter)
  }
  return formatter.format(new Date(now))
}

const dayMs = 86_400_000
const msOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
export function addDays(day: Day, count: number): Day {
  return new Date(msOf(day) + count * dayMs).toISOString().slice(0, 10)
}
/** Whole days from one day to another, negative backwards. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((msOf(to) - msOf(from)) / dayMs)
}
export function isDay(value: unknown): value is Day {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(msOf(value))
}

const relative: [RegExp, number][] = [
  [/大前天/, -3],
  [/前天|day before yesterday/, -2],
  [/昨[天日晚]|yesterday/, -1],
  [/大后天/, 3],
  [/后天|day after tomorrow/, 2],
  [/明[天日早晚]|tomorrow|\btmrw?\b/, 1],
  [/今[天日早晚]|today|tonight/, 0],
]
/** Said of a moment ago as well as of today. */
const justNow = /刚刚|刚才|just now/
const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const dayNames = 'sun mon tue wed thu fri sat'.split(' ')
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?'
// Bounded, as is each run of blanks: visitors write what these expressions read, and backtracking must stay linear.
const count = '((?<!\\d)\\d{1,5}|[零一二三四五六七八九十两]{1,6}|an?|one|two|three|four|five|six|seven|ten)'
const words: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
}

function numberOf(text: string): number {
  return words[text] ?? (/^\d+$/.test(text) ? Number(text) : (chineseNumber(text) ?? Number.NaN))
}

/** The first day named in what a person typed; null where there is none. See `findDate`. */
export function parseDate(text: string, options: DateOptions): Day | null {
  return findDate(text, options)?.value ?? null
}

/** How a day leans, today, and whether the words were about something else. */
interface Reading {
  now: Day
  lean: 'any' | 'past' | 'future'
  amid: boolean
}

/**
 * The first day named in what a person typed, and where, in Chinese or English: 2026-11-02, 3月5日, 5号, 昨天, 三天前, 上周一,
 * Nov 2nd, yesterday, last monday, in 2 weeks. Null where there is none or it does not exist (31 February). Amid other words
 * neither 1.5, 5号 nor "sun" is a day, and no part of an order number is.
 */
export function findDate(text: string, options: DateOptions): Found<Day> | null {
  const folded = foldText(text).replace(/\s+/g, ' ')
  const now = today(options.now, options.timeZone)
  const read = (amid: boolean): Found<Day> | null => {
    const reading: Reading = { now, lean: options.dates ?? 'any', amid }
    return absolute(folded, reading) ?? near(folded, reading)
  }
  // "tomorrow, it is order LB20261103": what is unmistakable counts more than what may be a day.
  return read(true) ?? (options.amid ? null : read(false))
}

function found(match: RegExpMatchArray, value: Day | null): Found<Day> | null {
  return value === null ? null : { value, text: match[0].trim() }
}

function absolute(text: string, { now, lean, amid }: Reading): Found<Day> | null {
  const full = text.match(
    amid
      ? /(?<![\d.-])(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[日号號]?/
      : /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s?[日号號]?/,
  )
  if (full) return found(full, day(Number(full[1]), Number(full[2]), Number(full[3])))
  const compact = text.match(
    amid
      ? /(?<![\da-z-])(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?![\da-z-])/
      : /(?<!\d)(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)/,
  )
  if (compact) return found(compact, day(Number(compact[1]), Number(compact[2]), Number(compact[3])))
  const chinese = text.match(/([\d一二三四五六七八九十]{1,2})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*([日号號]?)/)
  if (chinese && !(amid && chinese[3] === '')) {
    const relativeYear = /去年/.test(text) ? -1 : /明年/.test(text) ? 1 : null
    return found(chinese, yearless(numberOf(chinese[1]!), numberOf(chinese[2]!), now, lean, relativeYear))
  }
  const monthFirst = text.match(new RegExp(`\\b${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,?\\s+(\\d{4})\\b)?`))
  if (monthFirst) return found(monthFirst, named(monthFirst[1]!, monthFirst[2]!, monthFirst[3], now, lean))
  const dayFirst = text.match(new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${month}(?:,?\\s+(\\d{4})\\b)?`))
  if (dayFirst) return found(dayFirst, named(dayFirst[2]!, dayFirst[1]!, dayFirst[3], now, lean))
  const slashed = amid ? null : text.match(/(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?![\d/.-])/)
  return slashed ? found(slashed, yearless(Number(slashed[1]), Number(slashed[2]), now, lean, null)) : null
}

function near(text: string, { now, lean, amid }: Reading): Found<Day> | null {
  for (const [pattern, days] of relative) {
    const match = text.match(pattern)
    if (match) return found(match, addDays(now, days))
  }
  const just = amid ? null : text.match(justNow)
  if (just) return found(just, now)
  const ago = text.match(
    new RegExp(`${count}\\s*个?\\s*(天|日|周|星期|礼拜|月|days?|weeks?|months?)\\s*(之?前|以前|ago)`),
  )
  if (ago) return found(ago, shift(now, -numberOf(ago[1]!), ago[2]!))
  const later =
    text.match(new RegExp(`${count}\\s*个?\\s*(天|日|周|星期|礼拜|月)\\s*(之?后|以后)`)) ??
    text.match(new RegExp(`\\bin\\s+${count}\\s+(days?|weeks?|months?)`))
  if (later) return found(later, shift(now, numberOf(later[1]!), later[2]!))
  // "每周一" is every Monday, "一周三次" three times a week.
  const week = text.match(
    amid
      ? /(?<![每一两三])(上上|上|这|本|下下|下)?个?(?<![每一两三])(?:周|星期|礼拜)([一二三四五六日天])/
      : /(上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)([一二三四五六日天])/,
  )
  if (week) {
    const target = week[2] === '日' || week[2] === '天' ? 7 : numberOf(week[2]!)
    const weeks = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 }[week[1] ?? '']
    const monday = addDays(now, 1 - weekday(now))
    if (weeks !== undefined) return found(week, addDays(monday, weeks * 7 + target - 1))
    return found(week, leaning(addDays(monday, target - 1), 7, now, lean))
  }
  const english = text.match(
    /\b(?:(last|past|this|next) ?)?(sun|mon|tue|wed|thu|fri|sat)(?:(?:s|nes|rs|r|ur)?(day)|rs?|s)?\b/,
  )
  // Who writes "sat" or "sun" amid other words may well have been sitting in the sun.
  if (english && !(amid && english[3] === undefined)) {
    const target = dayNames.indexOf(english[2]!) || 7
    const ahead = (target - weekday(now) + 7) % 7
    if (english[1] === 'last' || english[1] === 'past') return found(english, addDays(now, ahead - 7))
    if (english[1] === 'next') return found(english, addDays(now, ahead === 0 ? 7 : ahead))
    return found(english, leaning(addDays(now, ahead), 7, now, lean))
  }
  if (amid) return null
  const monthDay =
    text.match(/(?<![\d一二三四五六七八九十月]\s?)([\d]{1,2}|[一二三四五六七八九十]{1,3})\s*[号號日]/) ??
    text.match(/\bthe\s+(\d{1,2})(?:st|nd|rd|th)\b/)
  return monthDay ? found(monthDay, dayOfMonth(numberOf(monthDay[1]!), now, lean)) : null
}

/** Monday is 1, Sunday 7. */
function weekday(of: Day): number {
  return new Date(msOf(of)).getUTCDay() || 7
}

function day(year: number, monthNumber: number, dayNumber: number): Day | null {
  const made = new Date(Date.UTC(year, monthNumber - 1, dayNumber))
  const exists = made.getUTCMonth() === monthNumber - 1 && made.getUTCDate() === dayNumber
  return exists && year >= 1000 && year <= 9999 ? made.toISOString().slice(0, 10) : null
}

function named(name: string, dayText: string, year: string | undefined, now: Day, lean: 'any' | 'past' | 'future') {
  const monthNumber = monthNames.indexOf(name.slice(0, 3)) + 1
  return year
    ? day(Number(year), monthNumber, Number(dayText))
    : yearless(monthNumber, Number(dayText), now, lean, null)
}

function yearless(
  monthNumber: number,
  dayNumber: number,
  now: Day,
  lean: 'any' | 'past' | 'future',
  years: number | null,
) {
  const thisYear = Number(now.slice(0, 4))
  if (years !== null) return day(thisYear + years, monthNumber, dayNumber)
  const candidates = [-1, 0, 1].map((offset) => day(thisYear + offset, monthNumber, dayNumber))
  return choose(candidates, now, lean)
}

function dayOfMonth(dayNumber: number, now: Day, lean: 'any' | 'past' | 'future'): Day | null {
  const year = Number(now.slice(0, 4))
  const monthNumber = Number(now.slice(5, 7))
  const candidates = [-1, 0, 1].map((offset) => {
    const at = new Date(Date.UTC(year, monthNumber - 1 + offset, 1))
    return day(at.getUTCFullYear(), at.getUTCMonth() + 1, dayNumber)
  })
  return choose(candidates, now, lean)
}

function leaning(found: Day, period: number, now: Day, lean: 'any' | 'past' | 'future'): Day | null {
  return choose([addDays(found, -period), found, addDays(found, period)], now, lean)
}

function choose(candidates: readonly (Day | null)[], now: Day, lean: 'any' | 'past' | 'future'): Day | null {
  const fitting = candidates.filter(
    (item): item is Day => item !== null && (lean === 'any' || (lean === 'past' ? item <= now : item >= now)),
  )
  fitting.sort((a, b) => Math.abs(daysBetween(now, a)) - Math.abs(daysBetween(now, b)))
  return fitting[0] ?? null
}

function shift(now: Day, amount: number, unit: string): Day | null {
  if (!Number.isFinite(amount) || Math.abs(amount) > 10_000) return null
  if (/月|month/.test(unit)) {
    const at = new Date(msOf(now))
    const dayNumber = at.getUTCDate()
    at.setUTCDate(1)
    at.setUTCMonth(at.getUTCMonth() + amount)
    const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    return day(at.getUTCFullYear(), at.getUTCMonth() + 1, Math.min(dayNumber, last))
  }
  return addDays(now, amount * (/周|星期|礼拜|week/.test(unit) ? 7 : 1))
}
