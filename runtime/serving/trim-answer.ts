import type { Passage } from '#runtime/language/knowledge/passage.ts'

/** Characters up to which a passage is said whole, and of an answer that is cut out of a longer one. */
const wholeUpTo = 160
const longestAnswer = 320
/** A sentence beside the likeliest one belongs to the answer while it is this near to the question, as a share of that one's cosine. */
const company = 0.72

/**
 * The sentences of a passage that answer: the likeliest one, and those beside it that are nearly as likely. `cosines` are those of its
 * sentences with the question.
 */
export function trimAnswer(
  { text, sentences }: Pick<Passage, 'text' | 'sentences'>,
  cosines: Float32Array,
  best: number,
): string {
  const likeliest = sentences[best]
  if (text.length <= wholeUpTo || !likeliest) return text
  let [first, last] = [best, best]
  const length = (): number => sentences[last]![1] - sentences[first]![0]
  const bar = company * cosines[best]!
  for (;;) {
    const before = first > 0 ? cosines[first - 1]! : -1
    const after = last + 1 < sentences.length ? cosines[last + 1]! : -1
    if (Math.max(before, after) < bar) break
    if (before > after) first--
    else last++
    if (length() <= longestAnswer) continue
    if (before > after) first++
    else last--
    break
  }
  return text.slice(sentences[first]![0], sentences[last]![1])
}
