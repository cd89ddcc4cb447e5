import { detectLanguage } from '#runtime/language/detect-language.ts'

const base = (tag: string): string => tag.split('-')[0]!.toLowerCase()
/** Mail addresses and links are the same in every language. */
const addresses = /[^\s@，。]{1,64}@[^\s@，。]{1,255}|https?:\/\/\S+|www\.\S+/giu
/** Bases of languages that are not written in Latin letters. */
const otherScripts = new Set('zh ja ko ru uk bg sr el ar he fa ur hi bn ta te th ka hy my km lo am'.split(' '))

/** The bot's language for a tag that a client names: the same tag, else the same base language. */
export function matchLanguage(wanted: string | undefined, languages: readonly string[]): string | undefined {
  if (!wanted) return undefined
  return languages.find((tag) => tag === wanted) ?? languages.find((tag) => base(tag) === base(wanted))
}

/**
 * The language that a reply should be in. A named one wins; else the message's words decide, where they say enough: an
 * order number, "ok" or a smiley changes nothing.
 */
export async function followLanguage(
  text: string,
  named: string | undefined,
  current: string,
  languages: readonly string[],
): Promise<string> {
  const explicit = matchLanguage(named, languages)
  if (explicit) return explicit
  const spoken = text.replace(addresses, ' ')
  if (/[^\p{Script=Latin}\P{L}]/u.test(spoken)) return (await detectLanguage(spoken, languages)) ?? current
  const words = spoken.toLowerCase().match(/(?<![\p{L}\p{N}])\p{L}[\p{L}'’]*(?![\p{L}\p{N}])/gu) ?? []
  if (words.length < 2 && (words[0]?.length ?? 0) < 4) return current
  const latin = languages.filter((tag) => !otherScripts.has(base(tag)))
  if (latin.length <= 1) return latin[0] ?? current
  return (await detectLanguage(spoken, languages)) ?? current
}
