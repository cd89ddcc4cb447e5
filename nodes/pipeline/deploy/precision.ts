import type { ConfigOf } from '#kit'
import { entityPointsLost, type Int8Trial, pointsLost } from '#runtime/language/card.ts'
import type { Precision } from '#runtime/language/checkpoint.ts'
import type { deploy } from './node.ts'

/** 8-bit weights where they were tried, lose no more than is allowed of right answers or of entities, and were faster. */
export function precisionFor({ int8, int8Loss }: ConfigOf<typeof deploy>, trial: Int8Trial | undefined): Precision {
  // Accuracies are quotients: a loss of exactly the limit must not fail by its last bit.
  const worthIt =
    trial !== undefined && Math.max(pointsLost(trial), entityPointsLost(trial)) <= int8Loss + 1e-9 && trial.speedup > 1
  return int8 === 'automatic' && worthIt ? 'int8' : 'full'
}
