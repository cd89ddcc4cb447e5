import type { Found, ReadOptions } from './found.ts'
import { foldText } from './normalise.ts'
import { chineseNumber, findNumber, measure, numeral } from './parse-number.ts'

// Every run below is bounded: visitors write what these expressions read.
const amount = '(\\d{1,3}(?:,\\d{3}){1,4}|\\d{1,12})(\\.\\d{1,4})?'
const scales: Record<string, number> = {
  千: 1000,
  百: 100,
  万: 10_000,
  亿: 100_000_000,
  k: 1000,
  thousand: 1000,
  million: 1_000_000,
}
const scale = ' ?(千|百|万|亿|k\\b|thousand\\b|million\\b)?'
const chineseUnits = '元钱?|块钱|[块圆]|人民币|美元|美金|刀|港[币元]|欧元|英镑|日元|毛钱?|角'
const englishUnits = '(?:rmb|cny|usd|hkd|eur|gbp|yuan|dollars?|bucks?|quid|euros?|pounds?|cents?|pence)\\b'
const units = `(${chineseUnits}|${englishUnits}|[¥$€£])`
/** A tenth or a hundredth of what it is counted in. */
const small: readonly [RegExp, number][] = [
  [/^[毛角]/, 0.1],
  [/^(?:cent|pence)/, 0.01],
]
const word =
  '(?:an?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|and)'

const symbolFirst = new RegExp(
  `(?<![a-z-])(?:us\\$|hk\\$|rmb|cny|usd|hkd|eur|gbp|[¥$€£]) ?${amount}${scale}(?![\\d%])(?: ?(?:${chineseUnits}|${englishUnits}))?`,
)
const digitsFirst = new RegExp(`(?<![\\d.,a-z-])${amount}${scale}[多来]? ?${units}`)
const numeralFirst = new RegExp(`(?<![${numeral}负])([${numeral}]{1,12})[多来]? ?(${chineseUnits})`)
const wordsFirst = new RegExp(`\\b((?:${word}[ -]){1,10})(${englishUnits})`)
/** What is left of 3块5, 三块零五, 3元5角2分. */
const change = new RegExp(
  `^([零〇])?(\\d{1,2}|[一二两三四五六七八九])([毛角分])?(?:(\\d|[一二两三四五六七八九])分)?(?!\\d|${measure})`,
)
const cents = /^,? ?(?:and )?(\d{1,2}|[a-z]{3,9}(?:[ -][a-z]{3,5})?) cents?\b/

/**
 * The first amount of money in what a person typed, in whatever currency: ￥199, 3块5, $20.50, 20 bucks, "two hundred dollars",
 * 一百五十块. As an answer a plain number is one too, unless it counts something else (3个) or is as long as a telephone number. Null
 * where there is none; an amount is never below zero.
 */
export function findMoney(text: string, options: ReadOptions = {}): Found<number> | null {
  // Folded, a Chinese comma looks like the one within a number.
  const folded = foldText(text.replaceAll('，', ' ')).replace(/\s+/g, ' ')
  const amid = options.amid ?? false
  const said = [counted(folded, amid), spoken(folded)].filter((one) => one !== null)
  // "ten dollars 50 cents" is read from where it begins.
  said.sort((a, b) => folded.indexOf(a.text) - folded.indexOf(b.text))
  return marked(folded) ?? said[0] ?? (amid ? null : plain(folded))
}

function marked(text: string): Found<number> | null {
  const match = text.match(symbolFirst)
  return match ? found(written(match[1]!, match[2], match[3]), match[0]) : null
}

function counted(text: string, amid: boolean): Found<number> | null {
  const digits = text.match(digitsFirst)
  const numerals = digits ? null : text.match(numeralFirst)
  const match = digits ?? numerals
  if (!match) return null
  const unit = (digits ? match[4] : match[2])!
  const behind = text.slice(match.index! + match[0].length)
  const base = digits ? written(match[1]!, match[2], match[3]) : chineseNumber(match[1]!)
  if (base === null) return null
  const rest = /^[元块圆]/.test(unit) && !unit.endsWith('钱') ? behind.match(change) : null
  // "一块" is a piece, and together, as well as money; so is "刀" a knife.
  if (amid && !rest && /^[块毛角刀]$/.test(unit) && (numerals || /^\p{Script=Han}/u.test(behind))) return null
  if (/^dollars?|^euros?|^pounds?|^bucks?/.test(unit)) return withCents(base, match[0], behind)
  const value = base * (small.find(([pattern]) => pattern.test(unit))?.[1] ?? 1) + (rest ? changeOf(rest) : 0)
  return found(value, match[0] + (rest?.[0] ?? ''))
}

function spoken(text: string): Found<number> | null {
  const match = text.match(wordsFirst)
  if (!match) return null
  const value = findNumber(match[1]!)?.value ?? (/\ba /.test(match[1]!) ? 1 : null)
  if (value === null) return null
  if (/^(?:cent|pence)/.test(match[2]!)) return found(value / 100, match[0])
  return withCents(value, match[0], text.slice(match.index! + match[0].length))
}

/** A number without a word for money. */
function plain(text: string): Found<number> | null {
  const number = findNumber(text)
  if (!number || number.value < 0 || number.value >= 1e9) return null
  const at = text.indexOf(number.text)
  const behind = text.slice(at + number.text.length)
  const glued = /[\da-z:./-]$/.test(text.slice(0, at)) || /^[:/-]?\d|^[:/.-]\d/.test(behind)
  const other = new RegExp(
    `^(?:${measure}| ?(?:%|[ap]m\\b|days?|weeks?|months?|years?|hours?|times|pieces?|items?|of them)\\b)`,
  )
  return glued || other.test(behind) || behind.startsWith('%') ? null : found(number.value, number.text)
}

function withCents(base: number, text: string, behind: string): Found<number> | null {
  const match = behind.match(cents)
  const more = match && findNumber(match[1]!)
  return more ? found(base + more.value / 100, text + match[0]) : found(base, text)
}

function changeOf([, zero, digit, unit, last]: RegExpMatchArray): number {
  const value = digits(digit!)
  const hundredths = zero || unit === '分' || (!unit && digit!.length === 2)
  return value / (hundredths ? 100 : 10) + (last ? digits(last) / 100 : 0)
}

function digits(text: string): number {
  return /\d/.test(text) ? Number(text) : (chineseNumber(text) ?? 0)
}

function written(whole: string, fraction = '', scaleWord = ''): number {
  return Number(whole.replaceAll(',', '') + fraction) * (scales[scaleWord] ?? 1)
}

/** Rounded, since 3 + 0.1 is not 3.1 in binary. */
function found(value: number, text: string): Found<number> {
  return { value: Number(value.toPrecision(12)), text: text.trim() }
}
