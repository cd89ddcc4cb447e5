import type { Found } from './found.ts'
import { foldText } from './normalise.ts'

const digits: Record<string, number> = {
  ...Object.fromEntries([...'零一二三四五六七八九'].map((char, value) => [char, value])),
  ...{ 〇: 0, 两: 2, 俩: 2, 壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9 },
}
const units: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
export const numeral = '零一二三四五六七八九〇两俩壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿'
/** What may follow a single numeral character so that it counts: "两个" is a number, "一下" is not. */
export const measure =
  '[个個件只條条双雙份张張台瓶盒袋包箱套天年月日号號元块塊岁歲人次位斤公本部支名口间間盏盞枚颗顆根把朵杯碗罐桶辆輛座幅顶頂枝粒片束吨噸克米升册冊篇封趟顿頓扇卷串批盘盤盆壶壺副对對]'

const englishUnits =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const englishTens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** A Chinese numeral such as 一百二十三, 三千, 两万, or digits one by one such as 二〇二六; null where it is none. */
export function chineseNumber(text: string): number | null {
  if (text === '' || [...text].some((char) => !numeral.includes(char))) return null
  if ([...text].every((char) => char in digits) && text.length > 1)
    return Number([...text].map((char) => digits[char]).join(''))
  let total = 0
  let section = 0
  let digit = 0
  let lastUnit = 1
  for (const char of text) {
    if (char in digits) {
      digit = digits[char]!
      if (digit === 0) lastUnit = 10
    } else if (char in units) {
      lastUnit = units[char]!
      section += (digit || 1) * lastUnit
      digit = 0
    } else {
      lastUnit = char === '万' ? 10_000 : 100_000_000
      total = (total + section + digit || 1) * lastUnit
      section = 0
      digit = 0
    }
  }
  // 三百五 is 350: a last bare digit stands one place below the unit before it.
  return total + section + (digit && lastUnit > 10 ? digit * (lastUnit / 10) : digit)
}

/** The first number in what a person typed; null where there is none. See `findNumber`. */
export function parseNumber(text: string): number | null {
  return findNumber(text)?.value ?? null
}

/**
 * The first number in what a person typed, and where: digits of any width with separators, 万 and k, Chinese numerals, small
 * English numbers in words. Null where there is none.
 */
export function findNumber(text: string): Found<number> | null {
  const folded = foldText(text)
  const written = folded.match(/(-|负)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(万|亿|千|百|k\b)?/)
  if (written) {
    const scale = { 万: 10_000, 亿: 100_000_000, 千: 1000, 百: 100, k: 1000 }[written[4] ?? ''] ?? 1
    const value = Number(written[2]!.replaceAll(',', '') + (written[3] ?? ''))
    // Rounded, since 1.1 * 10000 is not 11000 in binary.
    return { value: (written[1] ? -1 : 1) * Number((value * scale).toPrecision(15)), text: written[0].trim() }
  }
  const chinese = folded.match(
    new RegExp(`(负)?([${numeral}]{2,}|(?<![那这哪另某每])[${numeral}](?=${measure}|$))`, 'u'),
  )
  if (chinese) {
    const value = chineseNumber(chinese[2]!)
    if (value !== null) return { value: chinese[1] ? -value : value, text: chinese[0] }
  }
  return findEnglishNumber(folded)
}

/** Before "one" where that stands for a thing: "the blue one", "that one". "Just the one" is a number. */
const pronoun =
  /(?:\b(?:the|a|an|your|my)\s+(?!only\b|number\b)[a-z]+|\b(?:this|that|which|another|other|same|any|every|no))\s+$/

/** The first number in English words of a folded text, up to thousands. */
function findEnglishNumber(text: string): Found<number> | null {
  let thousands = 0
  let total: number | null = null
  let [from, to] = [0, 0]
  for (const { 0: word, index } of text.matchAll(/[a-z]+/g)) {
    const before: number | null = total
    if (word === 'one' && before === null && pronoun.test(text.slice(Math.max(0, index - 40), index))) continue
    const unit = englishUnits.indexOf(word)
    const ten = englishTens.indexOf(word)
    if (unit >= 0) total = (total ?? 0) + unit
    else if (ten >= 0) total = (total ?? 0) + (ten + 2) * 10
    else if (word === 'hundred') total = (total ?? 1) * 100
    else if (word === 'dozen') total = (total ?? 1) * 12
    else if (word === 'thousand') {
      thousands += (total ?? 1) * 1000
      total = 0
    } else if (total === null || word === 'and') continue
    else break
    if (before === null) from = index
    to = index + word.length
  }
  return total === null ? null : { value: thousands + total, text: text.slice(from, to) }
}
