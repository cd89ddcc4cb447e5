/** Its table of n-grams takes a third of a second to read, which a start should not wait for. */
export const loadDetector = () => import('eld/small')

const scripts = {
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  hangul: /\p{Script=Hangul}/u,
  han: /\p{Script=Han}/u,
}

/**
 * The language of a message among those that a bot speaks (BCP 47 tags), or undefined when nothing points to one of them.
 * Scripts decide first (kana, hangul, han), then letters by n-grams (eld). Of several tags with one base language the
 * first is given.
 */
export async function detectLanguage(text: string, allowed: readonly string[]): Promise<string | undefined> {
  const tag = (base: string): string | undefined => allowed.find((language) => language.split('-')[0] === base)
  if (scripts.kana.test(text)) return tag('ja')
  if (scripts.hangul.test(text)) return tag('ko')
  if (scripts.han.test(text)) return tag('zh') ?? tag('ja')
  const { eld } = await loadDetector()
  const scores = eld.detect(text).getScores()
  let best: { tag: string; score: number } | undefined
  for (const [base, score] of Object.entries(scores)) {
    const language = tag(base)
    if (language !== undefined && (!best || score > best.score)) best = { tag: language, score }
  }
  return best?.tag
}
