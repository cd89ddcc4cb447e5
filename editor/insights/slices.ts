import type { LengthSlice } from '#nodes/pipeline/evaluate/length-slices.ts'
import { likelyRange } from './trust.ts'

/** A part of the test: how much of it was understood, and where the true share most likely lies. */
export interface Slice {
  name: string
  rows: number
  accuracy: number
  likely: { from: number; to: number }
}

export function toSlice({ name, rows, accuracy }: Omit<Slice, 'likely'>): Slice {
  return { name, rows, accuracy, likely: likelyRange(accuracy * rows, rows) }
}

/** Words for how long the texts of a slice are: the shortest, those between, the longest. */
export function lengthWord(slices: readonly LengthSlice[], at: number): 'short' | 'medium' | 'long' {
  if (at === 0) return 'short'
  return at === slices.length - 1 ? 'long' : 'medium'
}

/** A range this wide says little. */
const tooWide = 0.3

export function isVague({ likely }: Slice): boolean {
  return likely.to - likely.from > tooWide
}

/**
 * The two slices that lie furthest apart, where chance would hardly part them: their likely ranges do not touch, which asks for more
 * than a test of the difference would. Null where they do.
 */
export function apartSlices(slices: readonly Slice[]): { weak: Slice; strong: Slice } | null {
  const sorted = [...slices].sort((a, b) => a.accuracy - b.accuracy)
  const [weak, strong] = [sorted[0], sorted.at(-1)]
  return weak && strong && weak.likely.to < strong.likely.from ? { weak, strong } : null
}
