import type { ReadOptions } from './found.ts'
import { chineseNumber } from './parse-number.ts'

/** A time of day in a text. */
export interface Clock {
  /** From the midnight before, the likeliest first; 1440 and more lie in the night after. */
  minutes: readonly number[]
  index: number
  text: string
}

type Part = 'dawn' | 'morning' | 'noon' | 'afternoon' | 'night'

/** Parts of the day in the order in which they are looked for: 凌晨 before 晨. */
const parts: readonly [RegExp, Part][] = [
  [/凌晨|半夜|午夜/, 'dawn'],
  [/中午|正午/, 'noon'],
  [/下午|午后|傍晚|\b(?:afternoon|evening)\b/, 'afternoon'],
  [/晚上|夜里|深夜|[今明昨当]晚|后天晚|晚(?=[\d一二两三四五六七八九十])|\btonight\b|\bat night\b/, 'night'],
  [/早上|早晨|清晨|上午|[今明]早|早(?=[\d一二两三四五六七八九十])|(?<!good )\bmorning\b/, 'morning'],
]

const hours = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const hour = `(\\d{1,2}|${hours.join('|')})`
const before = '(?<![\\d:.,/-])'
const half = '([ap])\\.?m\\b\\.?'
const numeral = '[零一二三四五六七八九十两]'
/** Minutes as words say them. */
const numbers: Record<string, number> = {
  ...{ five: 5, ten: 10, fifteen: 15, quarter: 15, twenty: 20, thirty: 30, half: 30 },
  ...{ 'forty five': 45, 'forty-five': 45 },
}

/** How a time of day is written. What `loose` ones say might be something else amid other words. */
const forms: readonly { pattern: RegExp; read: (match: RegExpMatchArray) => Reading | null; loose?: true }[] = [
  {
    pattern: new RegExp(`\\b(half|quarter|five|ten|twenty)(?: minutes)? (past|after|to) ${hour}\\b(?: ?${half})?`),
    read: ([, m = '', way, h = '', side]) => ({
      hour: hourOf(h),
      minute: (way === 'to' ? -1 : 1) * (numbers[m] ?? 0),
      side,
    }),
  },
  {
    pattern: new RegExp(`${before}([01]?\\d|2[0-4]):([0-5]\\d)(?::[0-5]\\d)?(?![\\d:])(?: ?${half})?`),
    read: ([, h = '', m = '', side]) => ({ hour: Number(h), minute: Number(m), side, exact: h.length === 2 }),
  },
  {
    pattern: new RegExp(`${before}(\\d{1,2})(?:\\.([0-5]\\d))? ?${half}`),
    read: ([, h, m = '0', side]) => ({ hour: Number(h), minute: Number(m), side }),
  },
  {
    pattern: new RegExp(`\\b(${hours.join('|')})(?:[ -](fifteen|thirty|forty[ -]five))? ?${half}`),
    read: ([, h = '', m, side]) => ({ hour: hourOf(h), minute: m === undefined ? 0 : (numbers[m] ?? 0), side }),
  },
  {
    pattern: new RegExp(`(?<![\\d.])\\b${hour} ?o['’]?clock\\b`),
    read: ([, h = '']) => ({ hour: hourOf(h), minute: 0 }),
  },
  {
    pattern: new RegExp(
      `(?<![\\d.:几${numeral.slice(1, -1)}])(\\d{1,2}|${numeral}{1,3}) ?(点钟?|點|时(?![间候])) ?(?:(整)|(半)|([一三])刻|(\\d{2}|${numeral}{2,3}|(?:\\d|${numeral})(?=分))分?)?(?![\\d${numeral.slice(1, -1)}])`,
    ),
    read: ([whole, h = '', , , halfHour, quarters, m]) => {
      const minute = halfHour ? 30 : quarters ? (chineseNumber(quarters) ?? 0) * 15 : m ? countOf(m) : 0
      // "便宜一点" is a little cheaper, "三点" may be three items: a time of day says more.
      return { hour: countOf(h), minute, vague: /[点點时]$/.test(whole.trim()) }
    },
  },
  { pattern: /\b(?:noon|midday)\b|(?:中午|正午)(?!\d)/, read: () => ({ hour: 12, minute: 0, exact: true }) },
  { pattern: /\bmidnight\b|午夜/, read: () => ({ hour: 24, minute: 0, exact: true }) },
  {
    pattern: new RegExp(
      `${before}\\b${hour} (?:in the|this|tomorrow|tonight|at) ?(?:morning|afternoon|evening|night)?\\b`,
    ),
    read: ([, h = '']) => ({ hour: hourOf(h), minute: 0, vague: true }),
    loose: true,
  },
  {
    pattern: new RegExp(`\\b(?:at|around|about|by|before|after) ${hour}(?: (thirty|fifteen))?\\b(?![\\d:.%/-]\\d)`),
    read: ([, h = '', m]) => ({ hour: hourOf(h), minute: m === undefined ? 0 : (numbers[m] ?? 0) }),
    loose: true,
  },
]

interface Reading {
  hour: number
  minute: number
  /** "am" or "pm". */
  side?: string | undefined
  /** Written as on a clock of 24 hours. */
  exact?: boolean
  /** Might be no time of day unless a part of the day stands with it. */
  vague?: boolean
}

/** The first time of day in a folded text; null where there is none or it does not exist (25:00). */
export function findClock(text: string, { amid = false }: ReadOptions): Clock | null {
  const part = parts.find(([pattern]) => pattern.test(text))?.[1] ?? null
  for (const { pattern, read, loose } of forms) {
    if (amid && loose) continue
    const match = text.match(pattern)
    const reading = match && read(match)
    if (!match || !reading) continue
    if (amid && reading.vague && part === null) continue
    const minutes = hoursOf(reading, part).map((one) => one * 60 + reading.minute)
    if (minutes.length > 0) return { minutes, index: match.index!, text: match[0] }
  }
  return null
}

/** The hours that may be meant, the likeliest first. */
function hoursOf({ hour: said, minute, side, exact }: Reading, part: Part | null): number[] {
  if (said > 24 || minute > 59 || (said === 24 && minute > 0)) return []
  if (side) return said >= 1 && said <= 12 ? [(said % 12) + (side === 'p' ? 12 : 0)] : []
  if (said > 12 || said === 0) return [said]
  const twelve = said % 12
  switch (part) {
    case 'dawn':
      return [twelve]
    case 'morning':
      return [said]
    case 'noon':
      return [said >= 10 ? said : said + 12]
    case 'afternoon':
      return [twelve + 12]
    case 'night':
      // Twelve and what follows it belong to the night that began on that day.
      return [said === 12 || said < 5 ? twelve + 24 : said + 12]
    default:
      if (exact || said === 12) return [said]
      return said <= 6 ? [said + 12] : [said, said + 12]
  }
}

function hourOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : hours.indexOf(text) + 1
}

function countOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : (chineseNumber(text) ?? Number.NaN)
}
