import type { LabelRef } from '#kit'
import type { TrainingRow, TrainingSet } from './training-set.ts'

/** From so many rows a label on they say all that a name could. */
const enoughRows = 20

/** A label's name as a person would say it: `card_arrival` and `cardArrival` are two words. */
export function spokenName(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[\s_./:-]+/gu, ' ')
    .trim()
}

/**
 * The names of labels as rows to learn: with few rows a name is one more sentence of its label. None where rows are many, and none for
 * a name without a letter, nor where rows have two texts: a name is but one.
 */
export function nameRows({ labels, train, pairs }: Pick<TrainingSet, 'labels' | 'train' | 'pairs'>): TrainingRow[] {
  if (pairs || train.length >= enoughRows * labels.length) return []
  return labels.flatMap(({ id, name }: LabelRef, label): TrainingRow[] => {
    const text = spokenName(name)
    return /\p{L}/u.test(text) ? [{ id: `name:${id}`, text, truth: [label] }] : []
  })
}
