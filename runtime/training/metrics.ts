/** What a model said of one row. Indices point into the model's labels. */
export interface Prediction {
  row: string
  language?: string
  /** The right labels; empty: the row is out of scope. One entry but for rows with several labels. */
  truth: readonly number[]
  /** The labels given. */
  given: readonly number[]
  /** Given or not. */
  likeliest: number
  /** Calibrated probability of the likeliest label. */
  confidence: number
  /** 0..1, higher is more likely out of scope. */
  outOfScope: number
}

export interface LabelMetrics {
  label: number
  precision: number
  recall: number
  f1: number
  /** Rows whose right label this is. */
  support: number
}

/** How often `truth` was taken for `given`, with the ids of these rows. */
export interface Confusion {
  truth: number
  given: number
  rows: string[]
}

export interface SliceMetrics {
  language: string
  rows: number
  accuracy: number
  macroF1: number
}

/** All shares are fractions 0..1. `auroc` is null without both kinds of rows. */
export interface Metrics {
  /** Rows in scope: only these count for accuracy, F1 and calibration. */
  rows: number
  outOfScopeRows: number
  /** Share of rows whose given labels are exactly the right ones. */
  accuracy: number
  macroF1: number
  /** F1 over all given and right labels alike; with one label a row it is the accuracy. */
  microF1: number
  ece: number
  auroc: number | null
  labels: LabelMetrics[]
  confusions: Confusion[]
  languages: SliceMetrics[]
}

export function measure(predictions: readonly Prediction[], labelCount: number): Metrics {
  const inScope = predictions.filter((p) => p.truth.length > 0)
  const labels = labelMetrics(inScope, labelCount)
  const byLanguage = new Map<string, Prediction[]>()
  for (const p of inScope) if (p.language) byLanguage.set(p.language, [...(byLanguage.get(p.language) ?? []), p])
  return {
    rows: inScope.length,
    outOfScopeRows: predictions.length - inScope.length,
    accuracy: accuracy(inScope),
    macroF1: macroF1(labels),
    microF1: microF1(inScope),
    ece: calibrationError(
      inScope.map((p) => p.confidence),
      inScope.map((p) => p.truth.includes(p.likeliest)),
    ),
    auroc: auroc(
      predictions.map((p) => p.outOfScope),
      predictions.map((p) => p.truth.length === 0),
    ),
    labels,
    confusions: confusions(inScope),
    languages: [...byLanguage]
      .map(([language, rows]) => ({
        language,
        rows: rows.length,
        accuracy: accuracy(rows),
        macroF1: macroF1(labelMetrics(rows, labelCount)),
      }))
      .sort((a, b) => b.rows - a.rows || (a.language < b.language ? -1 : 1)),
  }
}

/** Whether the given labels are exactly the right ones. */
export function isRight({ truth, given }: Pick<Prediction, 'truth' | 'given'>): boolean {
  return truth.length === given.length && given.every((label) => truth.includes(label))
}

export function accuracy(predictions: readonly Prediction[]): number {
  return predictions.length === 0 ? 0 : predictions.filter(isRight).length / predictions.length
}

export function microF1(predictions: readonly Prediction[]): number {
  let hits = 0
  let named = 0
  for (const { truth, given } of predictions) {
    hits += given.filter((label) => truth.includes(label)).length
    named += truth.length + given.length
  }
  return named === 0 ? 0 : (2 * hits) / named
}

export function labelMetrics(
  predictions: readonly Pick<Prediction, 'truth' | 'given'>[],
  labelCount: number,
): LabelMetrics[] {
  const hits = new Array<number>(labelCount).fill(0)
  const given = new Array<number>(labelCount).fill(0)
  const support = new Array<number>(labelCount).fill(0)
  for (const prediction of predictions) {
    for (const label of prediction.truth) support[label]!++
    for (const label of prediction.given) {
      given[label]!++
      if (prediction.truth.includes(label)) hits[label]!++
    }
  }
  return support.map((count, label) => {
    const precision = given[label] ? hits[label]! / given[label]! : 0
    const recall = count ? hits[label]! / count : 0
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
    return { label, precision, recall, f1, support: count }
  })
}

/** The mean F1 of the labels that some row has; a label given only wrongly lowers the others' recall already. */
export function macroF1(labels: readonly LabelMetrics[]): number {
  const seen = labels.filter((label) => label.support > 0)
  return seen.length === 0 ? 0 : seen.reduce((sum, label) => sum + label.f1, 0) / seen.length
}

/** Wrong pairs, most frequent first. For rows with several labels: a missed label against each wrongly given one. */
export function confusions(predictions: readonly Prediction[]): Confusion[] {
  const pairs = new Map<string, Confusion>()
  for (const { row, truth, given } of predictions) {
    const missed = truth.filter((label) => !given.includes(label))
    const wrong = given.filter((label) => !truth.includes(label))
    for (const a of missed) {
      for (const b of wrong) {
        const key = `${a} ${b}`
        const pair = pairs.get(key) ?? { truth: a, given: b, rows: [] }
        pair.rows.push(row)
        pairs.set(key, pair)
      }
    }
  }
  return [...pairs.values()].sort((a, b) => b.rows.length - a.rows.length || a.truth - b.truth || a.given - b.given)
}

/** Rows by confidence; `confidence` and `accuracy` are means of the bin, zero where it is empty. */
export interface ReliabilityBin {
  from: number
  to: number
  rows: number
  confidence: number
  accuracy: number
}

/** Equal-width bins of confidence, open below and closed above as in Guo et al. 2017. */
export function reliabilityBins(
  confidences: readonly number[],
  right: readonly boolean[],
  bins = 15,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, confidence: 0, right: 0 }))
  for (const [i, confidence] of confidences.entries()) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))]!
    bin.rows++
    bin.confidence += confidence
    if (right[i]) bin.right++
  }
  return sums.map((bin, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    rows: bin.rows,
    confidence: bin.confidence / Math.max(1, bin.rows),
    accuracy: bin.right / Math.max(1, bin.rows),
  }))
}

/**
 * Expected calibration error (Guo et al. 2017, equation 3) over equal-width bins: the mean distance between confidence
 * and share of right answers, weighted by rows.
 */
export function calibrationError(confidences: readonly number[], right: readonly boolean[], bins = 15): number {
  if (confidences.length === 0) return 0
  const distance = reliabilityBins(confidences, right, bins).reduce(
    (sum, bin) => sum + bin.rows * Math.abs(bin.confidence - bin.accuracy),
    0,
  )
  return distance / confidences.length
}

/**
 * Area under the ROC curve: the chance that a positive row scores higher than a negative one, ties half
 * (Mann & Whitney's U by ranks). Null without both kinds.
 */
export function auroc(scores: readonly number[], positive: readonly boolean[]): number | null {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let rankSum = 0
  let positives = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end + 1 < order.length && scores[order[end + 1]!] === scores[order[start]!]) end++
    const rank = (start + end) / 2 + 1
    for (let i = start; i <= end; i++) {
      if (!positive[order[i]!]) continue
      rankSum += rank
      positives++
    }
    start = end + 1
  }
  const negatives = order.length - positives
  if (positives === 0 || negatives === 0) return null
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
