import { dealHeldOut } from './folds.ts'
import type { TrainingSet } from './training-set.ts'

const heldOutFolds = 10

/**
 * Moves one tenth of train to validation, but no label's only rows. What was made from a row that is held out is left out: it is too much
 * like it to be learned, and not genuine enough to judge by.
 */
export function holdOut(set: TrainingSet, seed: number): TrainingSet {
  const dealt = dealHeldOut(set.train, heldOutFolds, seed)
  const outOf = (fold: number): boolean[] => {
    const taught = new Set(set.train.flatMap((row, i) => (dealt[i] === fold ? [] : row.truth)))
    return set.train.map((row, i) => dealt[i] === fold && row.truth.every((label) => taught.has(label)))
  }
  const choices = Array.from({ length: heldOutFolds }, (_, fold) => outOf(fold))
  // Where each label has one row there is nothing else to judge by.
  const out =
    choices.find((choice) => choice.some((is, i) => is && !set.train[i]!.made)) ?? [...dealt].map((fold) => fold === 0)
  return {
    ...set,
    train: set.train.filter((_, i) => !out[i]),
    validation: set.train.filter((row, i) => out[i] && !row.made),
  }
}
