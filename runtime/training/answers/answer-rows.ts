import { BotloomError } from '#kit'
import type { Decoder } from '#runtime/language/decoder/decoder.ts'

/** A question and how it was answered. */
export interface AnswerRow {
  id: string
  question: string
  answer: string
}

/** One row as the decoder reads it: question, end, answer, end. */
export interface AnswerTokens {
  ids: number[]
  /** Places whose next token belongs to the answer: only these are learned. */
  from: number
}

/** Least tokens of a question that are kept where both do not fit. */
const shortestQuestion = 8

/**
 * The tokens of each row, at most `most` a row: a long question loses its beginning, a long answer its end. Rows without question or
 * answer are left out. Throws `no-training-rows`.
 */
export function toAnswerTokens(
  { tokens }: Pick<Decoder, 'tokens'>,
  rows: readonly AnswerRow[],
  most: number,
): AnswerTokens[] {
  const encoded = rows.flatMap(({ question, answer }): AnswerTokens[] => {
    if (question.trim() === '' || answer.trim() === '') return []
    const asked = tokens.encode(question.trim())
    const said = [...tokens.encode(answer.trim()), tokens.endId]
    const room = Math.max(shortestQuestion, most - 1 - said.length)
    const kept = [...asked.slice(-room), tokens.endId]
    return [{ ids: [...kept, ...said].slice(0, most), from: kept.length - 1 }]
  })
  if (encoded.length === 0) throw new BotloomError('no-training-rows')
  return encoded
}
