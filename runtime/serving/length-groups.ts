import { bucketLength } from '#runtime/training/length-batches.ts'

/** The padded lengths of texts of up to so many tokens, shortest first. */
export function bucketsUpTo(tokens: number, longest: number): number[] {
  return [...new Set(Array.from({ length: tokens }, (_, i) => bucketLength(i + 1, longest)))]
}

/** Bounds of one call into the graph. A text longer than `maxTokens` goes alone. */
export interface CallBounds {
  maxRows: number
  /** Padded tokens: rows times the longest of them. */
  maxTokens: number
}

/** What a call costs beside its tokens, in tokens: measured with MiniLM, a text of 14 tokens alone costs as much as 22 in company. */
export const callTokens = 8

/**
 * Cuts texts into calls so that all together cost least, counting padded tokens and `callTokens` a call: a long text does not
 * pad thirty short ones, and two short ones of unlike length still share a call. Takes the lengths, gives the places of each
 * call's texts, shortest first. Exact, by dynamic programming over the sorted lengths: a best cut never interleaves them.
 */
export function groupByLength(lengths: readonly number[], { maxRows, maxTokens }: CallBounds): number[][] {
  const order = lengths.map((_, place) => place).sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const least = [0]
  const from = [0]
  for (let end = 1; end <= order.length; end++) {
    const length = lengths[order[end - 1]!]!
    let best = Number.POSITIVE_INFINITY
    for (let start = end - 1; start >= 0 && end - start <= maxRows; start--) {
      const tokens = (end - start) * length
      if (tokens > maxTokens && end - start > 1) break
      const cost = least[start]! + tokens + callTokens
      if (cost >= best) continue
      best = cost
      from[end] = start
    }
    least[end] = best
  }
  const groups: number[][] = []
  for (let end = order.length; end > 0; end = from[end]!) groups.unshift(order.slice(from[end]!, end))
  return groups
}
