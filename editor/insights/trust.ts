import type { ReportView } from '#server/api/dto.ts'

type Bin = ReportView['reliability'][number]

/** Whether the model knows how sure it may be, from the mean distance between said and true (ECE, a fraction). */
export function trustLevel(ece: number): 'good' | 'fair' | 'poor' {
  if (ece <= 0.03) return 'good'
  return ece <= 0.08 ? 'fair' : 'poor'
}

/** Mean confidence minus mean accuracy over the bins: above zero the model is too sure of itself. */
export function overconfidence(report: Pick<ReportView, 'reliability'>): number {
  const rows = report.reliability.reduce((sum, bin) => sum + bin.rows, 0)
  if (rows === 0) return 0
  return report.reliability.reduce((sum, bin) => sum + bin.rows * (bin.confidence - bin.accuracy), 0) / rows
}

/** Fewer rows than this say too little to be put into a sentence. */
const enoughRows = 10
/** "Says 99 %, is right 99 times" is true of many models and tells nothing about the doubtful answers. */
const nearlySure = 0.95

/**
 * The bin that is told as "when it says 80 %, it is right 78 times out of 100": the one with the most rows among those
 * where it doubts, else the one with the most rows. Null where no bin has enough of them.
 */
export function toldBin(report: Pick<ReportView, 'reliability'>): Bin | null {
  const told = report.reliability.filter((bin) => bin.rows >= enoughRows)
  const doubting = told.filter((bin) => bin.confidence < nearlySure)
  const [first, ...others] = doubting.length > 0 ? doubting : told
  return first ? others.reduce((most, bin) => (bin.rows > most.rows ? bin : most), first) : null
}

/**
 * Where the true share most likely lies when `right` of `rows` were seen: Wilson's interval at 95 % (Wilson 1927, Journal of the
 * American Statistical Association 22, pages 209 to 212; advised for few rows by Brown, Cai and DasGupta 2001, Statistical Science 16).
 * It stays within 0..1, unlike the textbook's plus and minus.
 */
export function likelyRange(right: number, rows: number): { from: number; to: number } {
  if (rows === 0) return { from: 0, to: 1 }
  const z = 1.96
  const share = right / rows
  const middle = (share + (z * z) / (2 * rows)) / (1 + (z * z) / rows)
  const half = (z / (1 + (z * z) / rows)) * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows))
  return { from: Math.max(0, middle - half), to: Math.min(1, middle + half) }
}
