import type { FloorFacts } from './card.ts'

/** Where nothing can be tried. */
const guessedFloor = 0.45
/** Fewer questions than this on either side say too little. */
const fewest = 4

/**
 * The confidence that best parts what the material answers from what it does not: the bar with the greatest mean of the two shares that
 * are on their right side (Youden's index), in the middle of the widest stretch that has it.
 */
export function findFloor(inside: readonly number[], outside: readonly number[]): FloorFacts {
  if (inside.length < fewest || outside.length < fewest) return { floor: guessedFloor, trials: null }
  const all = [...new Set([...inside, ...outside])].sort((a, b) => a - b)
  const shares = (bar: number) => ({
    kept: inside.filter((score) => score >= bar).length / inside.length,
    refused: outside.filter((score) => score < bar).length / outside.length,
  })
  let best = { gain: -1, width: 0, floor: guessedFloor }
  for (const [place, low] of [0, ...all].entries()) {
    const high = all[place] ?? 1
    const floor = (low + high) / 2
    const { kept, refused } = shares(floor)
    const gain = kept + refused
    if (gain > best.gain + 1e-9 || (gain > best.gain - 1e-9 && high - low > best.width))
      best = { gain: Math.max(gain, best.gain), width: high - low, floor }
  }
  const floor = Math.round(best.floor * 1000) / 1000
  return { floor, trials: { inside: inside.length, outside: outside.length, ...shares(floor) } }
}
