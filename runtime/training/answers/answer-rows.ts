import { createHash } from 'node:crypto'
import { BotloomError, type DatasetRow } from '#kit'
import type { Decoder } from '#runtime/language/decoder/decoder.ts'
import { seededRandom, shuffled } from '../seeded.ts'

/** A question and how it was answered. */
export interface AnswerRow {
  id: string
  question: string
  answer: string
  /** Rows of one group are held out together, or not at all: one and what was made from it. */
  group?: string
  /** Made from another row: never judged by. */
  made?: boolean
}

export interface AnswerSet {
  train: AnswerRow[]
  /** May be empty; then rows of train are held out. */
  validation: AnswerRow[]
  /** SHA-256 of the rows of both. */
  hash: string
}

/** With fewer rows there is nothing to learn but these by heart. */
export const leastAnswers = 10

/** The rows that have a question and an answer. */
export function toAnswerRows(rows: readonly DatasetRow[]): AnswerRow[] {
  const sources = new Set(rows.flatMap((row) => row.origin?.row ?? []))
  return rows.flatMap(({ id, text, pair, group, origin }): AnswerRow[] => {
    const [question, answer] = [text.trim(), pair?.trim() ?? '']
    if (question === '' || answer === '') return []
    const own = group ?? origin?.row ?? (sources.has(id) ? id : undefined)
    return [{ id, question, answer, ...(own === undefined ? {} : { group: own }), ...(origin ? { made: true } : {}) }]
  })
}

/** What a decoder learns from. Throws `no-answers` or `too-few-answers`. */
export function toAnswerSet(train: readonly DatasetRow[], validation: readonly DatasetRow[]): AnswerSet {
  const learned = toAnswerRows(train)
  if (learned.length === 0) throw new BotloomError('no-answers')
  if (learned.length < leastAnswers)
    throw new BotloomError('too-few-answers', { rows: learned.length, needed: leastAnswers })
  const checks = toAnswerRows(validation.filter((row) => !row.origin))
  const hash = createHash('sha256')
  for (const [i, rows] of [learned, checks].entries())
    for (const { id, question, answer, group } of rows)
      hash.update(`${JSON.stringify([i, id, question, answer, ...(group === undefined ? [] : [group])])}\n`)
  return { train: learned, validation: checks, hash: hash.digest('hex') }
}

/** From so many rows on a tenth is held out. */
const rowsForHoldOut = 20
const heldOutShare = 0.1

/** Moves a tenth of train to validation where there is none; what was made of these rows is left out. */
export function holdOutAnswers(set: AnswerSet, seed: number): AnswerSet {
  if (set.validation.length > 0 || set.train.length < rowsForHoldOut) return set
  const unitOf = (row: AnswerRow): string => (row.group === undefined ? `row ${row.id}` : `group ${row.group}`)
  const genuine = set.train.filter((row) => !row.made)
  const wanted = Math.floor(genuine.length * heldOutShare)
  const out = new Set<string>()
  let rows = 0
  for (const unit of shuffled([...new Set(genuine.map(unitOf))], seededRandom(seed))) {
    if (rows >= wanted) break
    out.add(unit)
    rows += genuine.filter((row) => unitOf(row) === unit).length
  }
  return {
    ...set,
    train: set.train.filter((row) => !out.has(unitOf(row))),
    validation: genuine.filter((row) => out.has(unitOf(row))),
  }
}

/** One row as the decoder reads it: question, end, answer, end. */
export interface AnswerTokens {
  ids: number[]
  /** Places whose next token belongs to the answer: only these are learned. */
  from: number
}

/** Least tokens of a question that are kept where both do not fit. */
const shortestQuestion = 8

/** The tokens of each row, at most `most` a row: a long question loses its beginning, a long answer its end. */
export function toAnswerTokens(
  { tokens }: Pick<Decoder, 'tokens'>,
  rows: readonly Pick<AnswerRow, 'question' | 'answer'>[],
  most: number,
): AnswerTokens[] {
  return rows.map(({ question, answer }) => {
    const asked = tokens.encode(question)
    const said = [...tokens.encode(answer), tokens.endId]
    const room = Math.max(shortestQuestion, most - 1 - said.length)
    const kept = [...asked.slice(-room), tokens.endId]
    return { ids: [...kept, ...said].slice(0, most), from: kept.length - 1 }
  })
}
