import type { TokenBatch } from '#runtime/language/tokenizer.ts'

/**
 * Hides a share of the tokens in place, but never a text's first or last one, which mark where it begins and ends, nor what stands
 * between two texts, which is the closing token again.
 */
export function deleteTokens({ rows, length, ids, mask }: TokenBatch, share: number, random: () => number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * length
    let end = start + length
    while (end > start && mask[end - 1] === 0) end--
    for (let at = start + 1; at < end - 1; at++) if (random() < share && ids[at] !== ids[end - 1]) mask[at] = 0
  }
}
