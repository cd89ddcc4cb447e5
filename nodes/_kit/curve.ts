import type { Progress } from './define-runner.ts'

/** One point of the curves of a training: `at` is the share of the block's work, losses are nats, accuracy is a fraction. */
export interface CurvePoint {
  at: number
  step: number | null
  loss: number | null
  validationLoss: number | null
  validationAccuracy: number | null
}

/** A curve with what this progress tells; the same one where it tells nothing. Beyond `most` points every second one is let go. */
export function addToCurve(curve: readonly CurvePoint[], progress: Progress, most = 2000): CurvePoint[] {
  const { loss, validationLoss, validationAccuracy } = progress
  if (loss === undefined && validationLoss === undefined && validationAccuracy === undefined)
    return curve as CurvePoint[]
  const point: CurvePoint = {
    at: progress.share,
    step: progress.step ?? null,
    loss: loss ?? null,
    validationLoss: validationLoss ?? null,
    validationAccuracy: validationAccuracy ?? null,
  }
  return [...(curve.length >= most ? curve.filter((_, index) => index % 2 === 0) : curve), point]
}
