/** How long answers took of late, in milliseconds. */
export interface LatencyFigures {
  /** Answers since the model was loaded. */
  answers: number
  /** From the arrival of a text to its answer: half and 95 % of the latest texts took no longer. */
  p50Ms: number
  p95Ms: number
  /** The part of it that was spent waiting for a batch to begin. */
  waitP50Ms: number
  waitP95Ms: number
  /** Mean number of texts in a batch, of the latest texts. */
  batchRows: number
}

/** Texts that the percentiles are taken over. */
const latest = 1024

/** Notes of the latest answers, of a fixed size whatever the load. */
export function createLatency() {
  const took = new Float64Array(latest)
  const waited = new Float64Array(latest)
  const rows = new Float64Array(latest)
  let answers = 0

  return {
    /** One answer: `wait` and `total` in milliseconds, and the size of its batch. */
    note(wait: number, total: number, batch: number): void {
      const place = answers++ % latest
      took[place] = total
      waited[place] = wait
      rows[place] = batch
    },
    figures(): LatencyFigures {
      const count = Math.min(answers, latest)
      const batches = rows.subarray(0, count).reduce((sum, size) => sum + 1 / size, 0)
      return {
        answers,
        p50Ms: percentile(took.subarray(0, count), 0.5),
        p95Ms: percentile(took.subarray(0, count), 0.95),
        waitP50Ms: percentile(waited.subarray(0, count), 0.5),
        waitP95Ms: percentile(waited.subarray(0, count), 0.95),
        batchRows: count === 0 ? 0 : count / batches,
      }
    },
  }
}

/** The smallest value that at least `share` of all do not exceed (nearest rank); 0 of none. */
export function percentile(values: Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}
