import type { LinearHead } from '#runtime/language/checkpoint.ts'
import { fitTemperature, meanOf, rowLosses } from './calibration.ts'
import type { FittedHead } from './logistic.ts'
import { shareRight } from './predict.ts'
import type { TrainingRow, TrainingSet } from './training-set.ts'

/** Weights of the data against the penalty that are tried (C of scikit-learn's logistic regression), weakest first. */
const candidates = [1, 3, 10, 30, 100, 300]
/** The first one tried; weaker ones are where it is the best. */
const first = 3

/** What is tried: the weight of the data, and whether names of labels are learned too. */
export interface Trial {
  c: number
  named: boolean
}

/** Fits of a choice at most, for a forecast of time. */
export const mostTrials = candidates.length + 1

/** Heads of the candidates that were tried on the same rows: each fit begins where those before lead to. */
export interface PenaltyPath {
  startOf(c: number): LinearHead | undefined
  add(c: number, head: FittedHead): void
}

export function createPenaltyPath(): PenaltyPath {
  const heads = new Map<number, FittedHead>()
  return {
    startOf(c) {
      const place = candidates.indexOf(c)
      const [before, last, next] = [place - 2, place - 1, place + 1].map((each) => heads.get(candidates[each]!))
      return heads.get(c) ?? (before && last ? beyond(before, last) : (last ?? next))
    },
    add: (c, head) => heads.set(c, head),
  }
}

/** As far from the second head as that is from the first: candidates lie about evenly on a logarithmic scale, and so do their heads. */
function beyond(before: LinearHead, last: LinearHead): LinearHead {
  const ahead = (from: Float32Array, to: Float32Array): Float32Array => to.map((own, i) => 2 * own - from[i]!)
  return { ...last, weight: ahead(before.weight, last.weight), bias: ahead(before.bias, last.bias) }
}

export interface PenaltyOptions {
  set: Pick<TrainingSet, 'labels' | 'multi'>
  /** Rows held out that each trial is judged on. */
  rows: readonly TrainingRow[]
  /** Whether there are names of labels to learn. */
  named: boolean
  /** A candidate was judged: share of right rows and mean loss. */
  onJudged(accuracy: number, loss: number): void
}

/**
 * The candidate under which, calibrated, the right labels of held-out rows are likeliest. The count of right rows would say the
 * same with far more noise. The loss has one valley: two worse candidates in a row end the search, and one that is worse beyond
 * doubt. The best one is then tried without the names of labels: a name that is an id tells nothing.
 */
export async function choosePenalty<T>(
  { set, rows, named, onJudged }: PenaltyOptions,
  attempt: (trial: Trial) => Promise<T & { scores: Float32Array }>,
): Promise<T & Trial & { scores: Float32Array }> {
  const truth = rows.map((row) => row.truth)
  let best: (T & Trial & { scores: Float32Array; losses: Float64Array }) | undefined
  const judge = async (trial: Trial): Promise<'best' | 'worse' | 'surely worse'> => {
    const tried = await attempt(trial)
    const table = { rows: rows.length, labels: set.labels.length, values: tried.scores }
    const temperature = fitTemperature(table, truth, set.multi)
    const losses = rowLosses(table, truth, temperature, set.multi)
    const loss = meanOf(losses)
    onJudged(shareRight(table, truth, temperature, set.multi), loss)
    if (best && loss >= meanOf(best.losses)) return isSurelyMore(losses, best.losses) ? 'surely worse' : 'worse'
    best = { ...tried, ...trial, losses }
    return 'best'
  }
  let worse = 0
  for (const c of candidates.filter((own) => own >= first)) {
    const verdict = await judge({ c, named })
    worse = verdict === 'best' ? 0 : worse + 1
    if (worse === 2 || verdict === 'surely worse') break
  }
  if (best!.c === first)
    for (const c of candidates.filter((own) => own < first).reverse()) if ((await judge({ c, named })) !== 'best') break
  if (named) await judge({ c: best!.c, named: false })
  return best!
}

/** Whether the mean of the first is larger by more than two standard errors of the difference, row by row. */
function isSurelyMore(losses: Float64Array, than: Float64Array): boolean {
  const differences = losses.map((own, row) => own - than[row]!)
  const mean = meanOf(differences)
  const variance = meanOf(differences.map((own) => (own - mean) ** 2))
  return mean > 2 * Math.sqrt(variance / losses.length)
}
