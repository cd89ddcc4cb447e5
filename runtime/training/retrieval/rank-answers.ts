import { createSimilarity, nearestOf } from '#runtime/language/similarity.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { auroc } from '../metrics.ts'
import { rankingScale } from './retrieval-task.ts'

/** How well questions find their answers. Shares are fractions 0..1. */
export interface RetrievalMetrics {
  /** Share of questions whose right answer comes first, or among the first five. */
  recall1: number
  recall5: number
  /** Mean of 1 / rank of the right answer, nothing from rank 11 on (Voorhees 1999; MRR@10 of MS MARCO). */
  mrr10: number
}

/** What became of one question. */
export interface RankedQuestion {
  /** Rank of the best right answer, from 1. */
  rank: number
  /** The answers that come first, by place, nearest first, with their cosines. */
  first: { answer: number; similarity: number }[]
  /** Cosine of the nearest right answer and of the nearest wrong one; -1 where all are right. */
  right: number
  wrong: number
  /** -log of the share of the right answers in a softmax over all, nats. */
  loss: number
}

/** Bounds the matrix of one call. */
const questionsPerCall = 256

/**
 * Ranks all answers for each question by the cosine of their vectors, unit-length and row-major [count, width]. `right` holds the places
 * of each question's answers. Of equals the earlier one comes first.
 */
export async function rankAnswers(
  executor: Executor,
  questions: Float32Array,
  answers: Float32Array,
  width: number,
  right: readonly ReadonlySet<number>[],
  shown = 1,
): Promise<RankedQuestion[]> {
  const similarity = await createSimilarity(executor, answers, width)
  const count = questions.length / width
  const known = answers.length / width
  const ranked: RankedQuestion[] = []
  try {
    for (let start = 0; start < count; start += questionsPerCall) {
      const end = Math.min(count, start + questionsPerCall)
      const table = await similarity.of(questions.subarray(start * width, end * width))
      for (let question = start; question < end; question++) {
        const own = table.subarray((question - start) * known, (question - start + 1) * known)
        ranked.push(rankOne(own, right[question]!, shown))
      }
      // Native calls block; the loop must turn so that stop and heartbeat are heard.
      await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    await similarity.dispose()
  }
  return ranked
}

function rankOne(similarities: Float32Array, answers: ReadonlySet<number>, shown: number): RankedQuestion {
  let [best, right, wrong] = [-1, -1, -1]
  let [all, own] = [0, 0]
  for (const [answer, similarity] of similarities.entries()) {
    const weight = Math.exp((similarity - 1) * rankingScale)
    all += weight
    if (answers.has(answer)) {
      own += weight
      if (best < 0 || similarity > right) [best, right] = [answer, similarity]
    } else wrong = Math.max(wrong, similarity)
  }
  let rank = 1
  for (const [answer, similarity] of similarities.entries())
    if (similarity > right || (similarity === right && answer < best)) rank++
  return {
    rank,
    first: nearestOf(similarities, shown).map(({ index, similarity }) => ({ answer: index, similarity })),
    right,
    wrong,
    loss: Math.log(all) - Math.log(own),
  }
}

export function measureRanks(ranks: readonly number[]): RetrievalMetrics {
  const mean = (of: (rank: number) => number): number =>
    ranks.length === 0 ? 0 : ranks.reduce((sum, rank) => sum + of(rank), 0) / ranks.length
  return {
    recall1: mean((rank) => (rank === 1 ? 1 : 0)),
    recall5: mean((rank) => (rank <= 5 ? 1 : 0)),
    mrr10: mean((rank) => (rank <= 10 ? 1 / rank : 0)),
  }
}

/**
 * The cosine from which an answer is given: below it none fits. Each question is asked twice, with its answers and without them, as if
 * nobody had answered it yet; the bar is where the shares of the first kind above it and of the second below it are largest together
 * (Youden 1950). `auroc` says how well the nearest answer's cosine tells the two apart. Null where there is too little to go by.
 */
export function fitBar(
  ranked: readonly Pick<RankedQuestion, 'right' | 'wrong'>[],
): { similarity: number; auroc: number } | null {
  if (ranked.length < fewestForBar || ranked.every(({ wrong }) => wrong === -1)) return null
  const asked = ranked.map(({ right, wrong }) => Math.max(right, wrong))
  const without = ranked.map(({ wrong }) => wrong)
  const all = [
    ...asked.map((similarity) => ({ similarity, fits: true })),
    ...without.map((similarity) => ({ similarity, fits: false })),
  ].sort((a, b) => a.similarity - b.similarity)
  let best = { gain: Number.NEGATIVE_INFINITY, similarity: -1 }
  let gain = 0
  for (const [i, { similarity, fits }] of all.entries()) {
    gain += fits ? -1 : 1
    const next = all[i + 1]?.similarity ?? similarity
    if (next > similarity && gain > best.gain) best = { gain, similarity: (similarity + next) / 2 }
  }
  if (best.gain <= 0) return null
  const told = auroc(
    all.map(({ similarity }) => similarity),
    all.map(({ fits }) => fits),
  )
  return { similarity: best.similarity, auroc: told ?? 0.5 }
}

const fewestForBar = 10
