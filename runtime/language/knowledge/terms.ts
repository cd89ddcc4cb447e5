/** A product code or number with its joints, a word, a stretch of Chinese or of kana. */
const pieces = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[\p{L}\p{N}]+(?:[-_./][\p{L}\p{N}]+)*/gu
const cjk = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
/** Words that are in every text. */
const empty = new Set(
  (
    'a an the i me my we our you your he she it its they them their this that these those is are was were be been am do does did have has had ' +
    'will would can could shall should may might must to of in on at by for from with about as and or but if so not no what which who how when ' +
    'where why there here get any some please'
  ).split(' '),
)
const emptyPairs = new Set(
  '的是 是不 不是 什么 怎么 么样 可以 请问 我的 你们 我们 一下 多少 有没 没有 吗的 如何 能不 不能 我想 想要'.split(' '),
)

/**
 * What a text is looked up by: words without their plural, codes whole and in their parts, and pairs of neighbouring Chinese characters.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  for (const [piece] of text.normalize('NFKC').toLowerCase().matchAll(pieces)) {
    if (cjk.test(piece)) {
      if (piece.length === 1) terms.push(piece)
      for (let at = 0; at + 2 <= piece.length; at++) {
        const pair = piece.slice(at, at + 2)
        if (!emptyPairs.has(pair)) terms.push(pair)
      }
      continue
    }
    if (empty.has(piece)) continue
    terms.push(stem(piece))
    const parts = piece.split(/[-_./]/u)
    if (parts.length > 1) terms.push(...parts.filter((part) => part !== '').map(stem))
  }
  return terms
}

/** The plural and the endings that make no other word of it; nothing cleverer. */
function stem(word: string): string {
  if (!/^[a-z]{4,}$/u.test(word)) return word
  return word
    .replace(/ies$/u, 'y')
    .replace(/(?<=[a-z]{3})(?:ing|ed|es|s)$/u, (ending) => (ending === 's' && word.endsWith('ss') ? ending : ''))
    .replace(/e$/u, '')
}
