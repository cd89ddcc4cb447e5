import type { ModelCard } from '#runtime/language/card.ts'
import { belonging, type ScopeScore, type ScopeSigns, scopeScores } from '#runtime/language/scope.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { dealFolds } from './folds.ts'
import { createLogistic, headScores } from './logistic.ts'
import { auroc } from './metrics.ts'
import { askNeighbours, type Known, type Neighbourhood, takeRows } from './nearest.ts'
import { seededRandom, shuffled } from './seeded.ts'

type Compared = ModelCard['scope']['compared']

/** Rows in scope and foreign ones, as one model sees them. */
export interface ScopeSample {
  home: readonly ScopeSigns[]
  outside: readonly ScopeSigns[]
}

/** Fewer foreign rows than this say nothing; labels are left out instead. */
export const fewestOutside = 10

export interface ScopeComparison {
  /** Mean area under the ROC curve of each score over samples that have both kinds of rows, best first; none: no sample has. */
  compared: Compared
  /** Standard error of the best one's area. */
  error: number
}

export function compareScores(samples: readonly ScopeSample[]): ScopeComparison {
  const usable = samples.filter(({ home, outside }) => home.length > 0 && outside.length > 0)
  if (usable.length === 0) return { compared: [], error: 0 }
  const compared = scopeScores.map((score) => {
    const areas = usable.map(({ home, outside }) => {
      const strangeness = [...home, ...outside].map((signs) => -belonging(score, signs))
      return auroc(
        strangeness,
        strangeness.map((_, i) => i >= home.length),
      )!
    })
    return { score, auroc: areas.reduce((sum, area) => sum + area, 0) / areas.length }
  })
  compared.sort((a, b) => b.auroc - a.auroc)
  const variances = usable.map(({ home, outside }) => areaVariance(compared[0]!.auroc, home.length, outside.length))
  return { compared, error: Math.sqrt(variances.reduce((sum, own) => sum + own, 0)) / usable.length }
}

/** Variance of an area under the ROC curve that so many rows of either kind gave (Hanley & McNeil 1982, formulas 1 and 2). */
function areaVariance(area: number, home: number, outside: number): number {
  const twoOutside = area / (2 - area)
  const twoHome = (2 * area ** 2) / (1 + area)
  const own = area * (1 - area)
  return (own + (outside - 1) * (twoOutside - area ** 2) + (home - 1) * (twoHome - area ** 2)) / (home * outside)
}

/** Scores that lie closer are taken for equal however sure the comparison is; where all rows are told apart its standard error is 0. */
const noise = 0.005

/**
 * The score to use: of those within a standard error of the best the first of `scopeScores`, which is the one that did best where there were many
 * rows to compare by. With few rows the order is chance.
 */
export function chooseScore({ compared, error }: ScopeComparison): ScopeScore {
  const best = compared[0]?.auroc ?? 0
  const isGood = (name: ScopeScore): boolean =>
    compared.some(({ score, auroc }) => score === name && auroc >= best - Math.max(error, noise))
  return scopeScores.find(isGood) ?? 'product'
}

/** What leaving labels out works with. */
export interface LabelTrial {
  executor: Executor
  /** Rows to learn from, with unit-length vectors. */
  known: Known
  /** Rows that the encoder has not learned; none: its vectors learned nothing, and known rows are asked by turns. */
  asked?: Known
  labels: number
  multi: boolean
  /** Whether the signs of rows depend on what is written in them. */
  words: boolean
  /** The head's penalty, see `FitOptions`. */
  c: number
  seed: number
  signal?: AbortSignal
  /** The signs of rows, by the scores of a head and what the rows that it learned say. */
  toSigns(scores: Float32Array, neighbours: Neighbourhood): ScopeSigns[]
}

const folds = 5
/** More rows than these would tell the scores apart no better. */
const mostKnown = 2000
const mostAsked = 1000

/**
 * Leaves a fifth of the labels out by turns, fits a head on the rest, and asks it about rows of both. The foreign rows of the fold are
 * those of the labels left out; rows with a label on either side are not asked.
 */
export async function leaveLabelsOut(trial: LabelTrial): Promise<ScopeSample[]> {
  const { executor, labels, words, c, seed, signal } = trial
  const known = sample(trial.known, mostKnown, seed)
  const asked = trial.asked && sample(trial.asked, mostAsked, seed)
  const foldOf = new Int32Array(labels)
  for (const [place, label] of shuffled([...foldOf.keys()], seededRandom(seed)).entries()) foldOf[label] = place % folds
  const turns = dealFolds(
    known.rows.map((row) => ({ label: row.truth[0]!, group: row.group })),
    folds,
    seed,
  )
  const width = known.vectors.length / Math.max(1, known.rows.length)
  const problem = await createLogistic(executor, {
    ...{ rows: known.rows.length, width, vectors: known.vectors, labels, multi: trial.multi },
    truth: known.rows.map((row) => row.truth),
  })
  const samples: ScopeSample[] = []
  try {
    for (let fold = 0; fold < folds; fold++) {
      signal?.throwIfAborted()
      const isOut = (label: number): boolean => foldOf[label] === fold
      const learned = known.rows.flatMap((row, i) =>
        (asked || turns[i] !== fold) && !row.truth.some(isOut) ? [i] : [],
      )
      const from = asked ?? known
      const mayBeAsked = (i: number): boolean => asked !== undefined || turns[i] === fold
      const outside = from.rows.flatMap((row, i) => (row.truth.every(isOut) ? [i] : []))
      const home = from.rows.flatMap((row, i) => (mayBeAsked(i) && !row.truth.some(isOut) ? [i] : []))
      if (learned.length === 0 || outside.length === 0 || home.length === 0) continue
      const rowWeights = new Float32Array(known.rows.length)
      for (const i of learned) rowWeights[i] = 1
      const head = await problem.fit({ c, rowWeights, tolerance: 3e-3, maxIterations: 200, signal })
      const both = [...home, ...outside]
      const queries = { rows: both.map((i) => from.rows[i]!), vectors: takeRows(from.vectors, width, both) }
      const taught = { rows: learned.map((i) => known.rows[i]!), vectors: takeRows(known.vectors, width, learned) }
      const scores = await headScores(executor, head, queries.vectors)
      const signs = trial.toSigns(scores, await askNeighbours(executor, queries, taught, { labels, words }))
      // Native calls block; the loop must turn so that stop and heartbeat are heard.
      await new Promise((resolve) => setImmediate(resolve))
      samples.push({ home: signs.slice(0, home.length), outside: signs.slice(home.length) })
    }
  } finally {
    await problem.dispose()
  }
  return samples
}

function sample({ rows, vectors }: Known, most: number, seed: number): Known {
  if (rows.length <= most) return { rows, vectors }
  const width = vectors.length / rows.length
  const chosen = shuffled([...rows.keys()], seededRandom(seed)).slice(0, most)
  return { rows: chosen.map((i) => rows[i]!), vectors: takeRows(vectors, width, chosen) }
}
