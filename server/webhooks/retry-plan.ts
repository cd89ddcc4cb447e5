const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Pauses between attempts: about a day in all, so that a receiver that is down overnight misses nothing. */
const pauses = [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 9 * hour]

/** Later words of a conversation wait for an earlier one up to this many attempts: a receiver that refuses one only must not lose the rest. */
export const attemptsInOrder = 4

/** Milliseconds until the next attempt after `attempts` failed ones, a fifth more or less; null: no more. */
export function pauseAfter(attempts: number, random: () => number = Math.random): number | null {
  const pause = pauses[attempts - 1]
  return pause === undefined ? null : Math.round(pause * (0.8 + 0.4 * random()))
}
