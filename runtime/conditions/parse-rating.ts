import type { Found } from './found.ts'
import { bareText, foldText } from './normalise.ts'
import { findNumber, measure } from './parse-number.ts'

/** What people say instead of one to five stars, each kind before those that are a part of it. */
const verdicts: readonly [RegExp, number][] = [
  [
    /(?:非常|特别|极其|极度|十分|很|太)不(?:满意|好)|(?:很|太|极|非常|特别|超级)差|差劲|糟糕|糟透|垃圾|\b(?:terrible|awful|horrible|worst|very bad|really bad|useless)\b/,
    1,
  ],
  [
    /不(?:太|怎么|是很)?(?:满意|好|行)|(?:较|有点|比较)差|差评|失望|^差$|\b(?:(?<!not )(?<!not too )bad|poor|disappoint(?:ed|ing)|not (?:very |that |so |too )?(?:good|great|happy|satisfied)|unhappy|dissatisfied|unsatisfied)\b/,
    2,
  ],
  [
    /一般|还行|还可以|还好|凑合|普通|马马虎虎|中等|\b(?:ok|okay|so[- ]so|average|fair|mediocre|not (?:too )?bad|neutral)\b/,
    3,
  ],
  [
    /(?:非常|特别|十分|极其|超级|超|很|太)(?:满意|好|棒|赞)|完美|满分|好极了|棒极了|\b(?:excellent|perfect|amazing|awesome|fantastic|outstanding|very (?:good|happy|satisfied)|love it|loved it|great|best)\b/,
    5,
  ],
  [/满意|不错|挺好|好评|^好$|^赞$|\b(?:good|nice|happy|satisfied|well done)\b/, 4],
]

/**
 * How many of `most` points a person gives: `4`, `五星`, `3 stars`, `4/5`, `★★★★`, and where the most is 5 also words such as 非常满意 or
 * "terrible". Null where it is no whole number from 1 to the most, or two different ones.
 */
export function findRating(text: string, most: number): Found<number> | null {
  const folded = foldText(text)
  const drawn = folded.match(/[★⭐🌟]/gu)
  if (drawn) return within(drawn.length, most, folded)
  const full = folded.match(/满[分星]/)
  if (full) return { value: most, text: full[0] }
  const number = numbered(folded, most)
  if (number !== undefined) return number
  if (most !== 5) return null
  for (const [pattern, value] of verdicts) {
    const match = folded.match(pattern)
    if (match) return { value, text: match[0] }
  }
  return null
}

const word = '(?:one|two|three|four|five|six|seven|eight|nine|ten)'
const unit = '(?:(?: ?颗?星|分|点| ?stars?\\b| ?points?\\b))'
const numeral = '[一二三四五六七八九十两]{1,2}'
const points = new RegExp(
  `(?<![\\d.a-z-])\\d{1,3}(?![\\d.,:-]\\d)(?!\\d)(?:${unit})?|${numeral}${unit}|\\b${word} ?(?:stars?|points?|out of)\\b`,
  'g',
)
/** "4/5", "4 out of 5", "5分给4分" says of how many. */
const share = /(\d{1,3}) ?(?:\/|out of) ?(\d{1,3})(?!\d)/

/** A number that is said; null: it cannot be one; undefined: there is none. */
function numbered(text: string, most: number): Found<number> | null | undefined {
  const of = text.match(share)
  if (of) return Number(of[2]) === most ? within(Number(of[1]), most, of[0]) : null
  const alone = bareText(text)
  if (new RegExp(`^(?:${numeral}|${word})$`).test(alone)) return within(findNumber(alone)?.value, most, text)
  const said = [...text.matchAll(points)]
  if (said.length === 0) return /\d/.test(text) ? null : undefined
  const first = said[0]!
  const values = said.map(([part]) => pointsIn(part))
  if (values.some((value) => value !== values[0])) return null
  const behind = text.slice(first.index + first[0].length)
  if (behind.startsWith('半')) return null
  // "3 days" and "3个" count something else.
  const other = new RegExp(`^(?:${measure}| ?(?:%|days?|weeks?|months?|years?|hours?|times|pieces?|items?)\\b)`)
  return /\d$/.test(first[0]) && other.test(behind) ? null : within(values[0], most, first[0])
}

function pointsIn(part: string): number | undefined {
  return findNumber(part.replace(/颗?星|[分点]/, '个'))?.value
}

function within(value: number | undefined, most: number, text: string): Found<number> | null {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= most ? { value, text } : null
}
