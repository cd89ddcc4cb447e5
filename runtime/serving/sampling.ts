export interface Sampling {
  /** 0: always the likeliest token. Else scores are divided by it. */
  temperature: number
  /** The likeliest tokens that together have this share are drawn from (Holtzman et al. 2020); 1 draws from all. */
  topP: number
}

/** The next token by its scores: the likeliest, or one drawn from the nucleus. `random` gives 0 <= x < 1. */
export function pickToken(scores: ArrayLike<number>, { temperature, topP }: Sampling, random: () => number): number {
  let best = 0
  for (let token = 1; token < scores.length; token++) if (scores[token]! > scores[best]!) best = token
  if (temperature === 0) return best
  const most = scores[best]!
  const chances = Float64Array.from(scores, (score) => Math.exp((score - most) / temperature))
  const whole = chances.reduce((sum, chance) => sum + chance, 0)
  const order = [...chances.keys()].sort((a, b) => chances[b]! - chances[a]! || a - b)
  let size = 0
  let mass = 0
  while (size < order.length && (size === 0 || mass < topP * whole)) mass += chances[order[size++]!]!
  let left = random() * mass
  for (let i = 0; i < size; i++) {
    left -= chances[order[i]!]!
    if (left < 0) return order[i]!
  }
  return order[size - 1]!
}
