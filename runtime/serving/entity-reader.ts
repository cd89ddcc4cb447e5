import type { FoundEntity, ModelText } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'
import type { TextTokenizer } from '#runtime/language/tokenizer.ts'
import { scoresOfWords } from '#runtime/training/entity-learning.ts'
import { likeliestSpans } from '#runtime/training/tag-decoding.ts'
import { wordsOf } from '#runtime/training/tagged-words.ts'

/** The entities that a model's scores of tags [length, tags] find in a text, of two in the first, in the text's own characters. */
export function readEntities(
  said: ModelText,
  tagScores: Float32Array,
  tokenizer: TextTokenizer,
  { types, temperature }: NonNullable<ModelCard['entities']>,
): FoundEntity[] {
  const text = typeof said === 'string' ? said : said[0]
  const words = wordsOf(text, tokenizer.offsets(said))
  return likeliestSpans(scoresOfWords(words, types.length, tagScores), temperature).map((span) => {
    const start = words[span.from]!.start
    const end = words[span.to]!.end
    return { type: types[span.type]!, text: text.slice(start, end), start, end, confidence: span.probability }
  })
}
