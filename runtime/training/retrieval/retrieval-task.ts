import * as tf from '@tensorflow/tfjs-core'
import type { SentenceRoles } from '#runtime/language/sentence-modules.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import type { AnswerRow } from '../answers/answer-rows.ts'
import { never } from '../contrast.ts'
import type { Lesson } from '../fine-tuning.ts'
import { dealBatches } from '../length-batches.ts'
import type { Nearness, Task } from '../task.ts'
import type { TrainingRow } from '../training-set.ts'

/** Cosines are multiplied by this before softmax: the scale of sentence-transformers' `MultipleNegativesRankingLoss`. */
export const rankingScale = 20

/** Which answers were given to which questions: what is right once is wrong nowhere. */
export class KnownAnswers {
  readonly #of = new Map<string, Set<string>>()

  constructor(rows: readonly Pick<AnswerRow, 'question' | 'answer'>[]) {
    for (const { question, answer } of rows) {
      const own = this.#of.get(question)
      if (own) own.add(answer)
      else this.#of.set(question, new Set([answer]))
    }
  }

  has(question: string, answer: string): boolean {
    return this.#of.get(question)?.has(answer) ?? false
  }

  /** Of each question the places of its answers among these. */
  places(questions: readonly string[], answers: readonly { text: string }[]): ReadonlySet<number>[] {
    const place = new Map(answers.map(({ text }, i) => [text, i]))
    return questions.map(
      (question) => new Set([...(this.#of.get(question) ?? [])].flatMap((own) => place.get(own) ?? [])),
    )
  }
}

/** Questions and their answers as rows of a lesson: the question of row i at 2 i, its answer behind it. */
export function toLessonRows(rows: readonly AnswerRow[], roles: SentenceRoles): TrainingRow[] {
  return rows.flatMap(({ id, question, answer }) => [
    { id: `${id} question`, text: roles.query + question, truth: [] },
    { id: `${id} answer`, text: roles.passage + answer, truth: [] },
  ])
}

/**
 * InfoNCE with the other rows of a batch for negatives, from each question to the answers and from each answer to the questions
 * (Henderson et al. 2017, section 4, both ways). It is `contrastLoss` with the right pairs: each question of the batch is drawn to its
 * answer alone and asked about answers alone, and the other way round. The same answer given to another question of the batch, or
 * another answer known for the same question, is right too, and barred from being a negative.
 */
export function pairsOfAnswers(rows: readonly AnswerRow[]): Nearness['pairs'] {
  const known = new KnownAnswers(rows)
  const fits = (question: number, answer: number): boolean =>
    rows[question]!.answer === rows[answer]!.answer || known.has(rows[question]!.question, rows[answer]!.answer)
  return (chosen, size) => {
    const pairs = floats([size, size])
    const block = floats([size, size])
    block.data.fill(never)
    for (const [at, row] of chosen.entries())
      for (const [there, other] of chosen.entries()) {
        if (row % 2 === other % 2) continue
        const [question, answer] = row % 2 === 0 ? [row, other] : [other, row]
        const own = question + 1 === answer
        if (own) pairs.data[at * size + there] = 1 / chosen.length
        if (own || !fits(question / 2, (answer - 1) / 2)) block.data[at * size + there] = 0
      }
    return { pairs, block }
  }
}

/** Learns vectors by which questions find their answers. Scores are `vectors` [batch, width], of unit length. */
export function retrievalTask(rows: readonly AnswerRow[]): Task {
  const nothing: Task['rowLoss'] = (_, { vectors }) => tf.zeros([vectors.shape[0]!, 1])
  return {
    weights: {},
    contrast: 1,
    nearness: { temperature: 1 / rankingScale, pairs: pairsOfAnswers(rows) },
    targets: () => ({}),
    rowLoss: nothing,
    evenLoss: nothing,
    divergence: (weights, one, _, inputs) => nothing(weights, one, inputs),
    scores: (_, { vectors }) => ({ vectors: tf.mul(vectors, 1) }),
  }
}

/** Deals questions of like length, each with its answer behind it. `size` counts both. */
export const dealWithAnswers: NonNullable<Lesson['deal']> = (lengths, size, longest, random) => {
  const both = Array.from({ length: lengths.length / 2 }, (_, i) => Math.max(lengths[2 * i]!, lengths[2 * i + 1]!))
  return dealBatches(both, size / 2, longest, random).map(({ rows, length }) => ({
    rows: rows.flatMap((row) => [2 * row, 2 * row + 1]),
    length,
  }))
}
