import { bareText } from './normalise.ts'
import { chineseNumber } from './parse-number.ts'

export interface Option {
  value: string
  /** Every wording of the option: in each language, and its stored value. */
  texts: readonly string[]
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

/**
 * Which option a person means: the very words, then its number ("2", "第二个", "the second"), then, where `partial`, the
 * only option that shares words with what was typed. Null where none or several fit.
 */
export function parseChoice(text: string, options: readonly Option[], partial = true): string | null {
  const typed = bareText(text)
  if (typed === '') return null
  const exact = options.find((option) => option.texts.some((wording) => bareText(wording) === typed))
  if (exact) return exact.value
  const index = ordinal(typed)
  if (index !== null) return options[index - 1]?.value ?? null
  if (!partial) return null
  const close = options.filter((option) =>
    option.texts.some((wording) => {
      const bare = bareText(wording)
      return (longEnough(bare) && typed.includes(bare)) || (longEnough(typed) && bare.includes(typed))
    }),
  )
  if (close.length === 1) return close[0]!.value
  // "不要蓝色，要红色的那个" names two: nobody should guess.
  return null
}

/** One Han character can name an option (红, 蓝), one or two letters cannot. */
function longEnough(bare: string): boolean {
  return /\p{Script=Han}/u.test(bare) || bare.length >= 3
}

function ordinal(typed: string): number | null {
  const written = typed.match(
    /^(?:第|no|number|option|选项?)?(\d{1,2}|[一二三四五六七八九十]{1,2})(?:个|項|项|条|號|号|st|nd|rd|th|one)?$/,
  )
  if (written) return /^\d/.test(written[1]!) ? Number(written[1]) : chineseNumber(written[1]!)
  const word = typed.match(/^(?:the)?([a-z]+?)(?:one|option)?$/)?.[1]
  const position = word === undefined ? -1 : ordinals.indexOf(word)
  return position < 0 ? null : position + 1
}
