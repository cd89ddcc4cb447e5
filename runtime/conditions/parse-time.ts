import { findClock } from './clock-words.ts'
import type { Found } from './found.ts'
import { foldText } from './normalise.ts'
import { addDays, type DateOptions, type Day, findDate } from './parse-date.ts'
import { chineseNumber, findNumber } from './parse-number.ts'

/** A day and a time of day without a zone, `YYYY-MM-DDTHH:mm`. */
export type Moment = string

const minuteMs = 60_000
const dayMinutes = 1_440
const formatters = new Map<string, Intl.DateTimeFormat>()

/** The day and the time of day that it is at an instant in a time zone. */
export function momentAt(instant: number, timeZone: string): Moment {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    const digits = '2-digit'
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: digits, day: digits, hour: digits, minute: digits },
    })
    formatters.set(timeZone, formatter)
  }
  const parts = Object.fromEntries(formatter.formatToParts(instant).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

/**
 * The first moment in what a person typed, in Chinese or English: "tomorrow at 3pm", 明天下午三点半, 2026-11-02 14:00, "in two hours",
 * 后天晚上八点. A time of day alone is the next such time, or the last one where dates lean to the past; a day alone is no moment.
 * An hour from one to six without more is one in the afternoon.
 */
export function findTime(text: string, options: DateOptions): Found<Moment> | null {
  const folded = foldText(text).replace(/\s+/g, ' ')
  const now = momentAt(Date.parse(options.now), options.timeZone)
  return away(folded, options) ?? atClock(folded, now, options)
}

const word = '(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty)'
const amount = `((?<![\\d.])\\d{1,4}(?:\\.5)?|${word})`
const english = new RegExp(
  `\\b(in )?(?:${amount} ?(hours?|hrs?|minutes?|mins?)( and a half)?|half an? (hour))(?: (from now|later|ago))?\\b`,
)
const chinese =
  /((?<![\d.])\d{1,4}(?:\.5)?|[一二两三四五六七八九十]{1,3})?(半)?个?(半)?个?(小时|钟头|分钟)(?:之|以)?(后|前)/

/** So many hours or minutes from now. */
function away(text: string, { now, timeZone }: DateOptions): Found<Moment> | null {
  const found = (minutes: number, part: string): Found<Moment> => ({
    value: momentAt(Date.parse(now) + minutes * minuteMs, timeZone),
    text: part.trim(),
  })
  const said = text.match(english)
  if (said && (said[1] || said[6])) {
    const [, , count = '', unit = '', half] = said
    const minutes = said[5] ? 30 : (countOf(count) + (half ? 0.5 : 0)) * (unit.startsWith('m') ? 1 : 60)
    return found(said[6] === 'ago' ? -minutes : minutes, said[0])
  }
  const written = text.match(chinese)
  if (!written || !(written[1] || written[2] || written[3])) return null
  const [, count, before, behind, unit, way] = written
  const whole = count === undefined ? 0 : countOf(count)
  const minutes = (whole + (before || behind ? 0.5 : 0)) * (unit === '分钟' ? 1 : 60)
  return found(way === '前' ? -minutes : minutes, written[0])
}

function countOf(text: string): number {
  if (/^\d/.test(text)) return Number(text)
  return chineseNumber(text) ?? findNumber(text)?.value ?? 1
}

/** A time of day, with its day where one is named. */
function atClock(text: string, now: Moment, options: DateOptions): Found<Moment> | null {
  const clock = findClock(text, options)
  if (!clock) return null
  const rest = `${text.slice(0, clock.index)} | ${text.slice(clock.index + clock.text.length)}`
  const named = comingDay(findDate(rest, options), now.slice(0, 10), options)
  const today = now.slice(0, 10)
  const day = named?.value ?? (/\bthis (?:morning|afternoon|evening)\b/.test(text) ? today : null)
  const past = options.dates === 'past'
  const days = day === null ? [-1, 0, 1].map((offset) => addDays(today, offset)) : [day]
  const moments = days.flatMap((one) => clock.minutes.map((minutes) => momentOf(one, minutes))).sort()
  const fitting = past ? moments.filter((one) => one <= now).toReversed() : moments.filter((one) => one >= now)
  // Where a day was named, it stands: what lies on the wrong side is not for this function to refuse.
  const value = day === null || day === today ? (fitting[0] ?? moments[0]) : momentOf(day, clock.minutes[0]!)
  return value === undefined ? null : { value, text: spanOf(text, clock, named?.text) }
}

/** "周六晚上八点" is said of the next Saturday, unless dates lean to the past, or the last one was meant by name. */
function comingDay(named: Found<Day> | null, today: Day, { dates = 'any' }: DateOptions): Found<Day> | null {
  const aWeekday = /^(?:周|星期|礼拜)|^(?:sun|mon|tue|wed|thu|fri|sat)/
  if (dates !== 'any' || named === null || named.value >= today || !aWeekday.test(named.text)) return named
  return { ...named, value: addDays(named.value, 7) }
}

function momentOf(day: Day, minutes: number): Moment {
  const pad = (value: number) => String(value).padStart(2, '0')
  const rest = minutes % dayMinutes
  return `${addDays(day, Math.floor(minutes / dayMinutes))}T${pad(Math.floor(rest / 60))}:${pad(rest % 60)}`
}

/** The words from the day to the time, unless they stand far apart with something else between them. */
function spanOf(text: string, clock: { index: number; text: string }, day: string | undefined): string {
  const at = day === undefined ? -1 : text.indexOf(day)
  if (day === undefined || at < 0) return clock.text.trim()
  const from = Math.min(at, clock.index)
  const to = Math.max(at + day.length, clock.index + clock.text.length)
  const between = text.slice(Math.min(at + day.length, clock.index + clock.text.length), Math.max(at, clock.index))
  return (between.length > 12 || /\d/.test(between) ? clock.text : text.slice(from, to)).trim()
}
