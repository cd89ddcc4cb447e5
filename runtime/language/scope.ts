/** Scores by which a model can tell messages of its labels from foreign ones; of those that do it as well the first is taken. */
export const scopeScores = ['product', 'similarity', 'confidence', 'energy', 'distance'] as const
export type ScopeScore = (typeof scopeScores)[number]

/** What a model finds out about one message beside its label. */
export interface ScopeSigns {
  /** Calibrated probability of the likeliest label. */
  confidence: number
  /** Cosine similarity with the nearest learned row. */
  similarity: number
  /** `energyOf` its scores. */
  energy: number
  /** `LabelDistance` of its vector. */
  distance: number
}

/**
 * How much at home a message is, higher is more, on a scale of the score's own:
 * `confidence`: maximum softmax probability (Hendrycks & Gimpel 2017, section 2);
 * `energy`: negative free energy (Liu et al. 2020, equation 4);
 * `distance`: negative Mahalanobis distance to the nearest label (Lee et al. 2018, equation 2);
 * `similarity`: the nearest learned row (Sun et al. 2022, section 3, with k = 1);
 * `product`: confidence times the cube of that similarity. Confidence alone trusts foreign messages that look like one label by
 * a single word; the nearest row does not.
 */
export function belonging(score: ScopeScore, { confidence, similarity, energy, distance }: ScopeSigns): number {
  switch (score) {
    case 'product':
      return confidence * Math.max(0, similarity) ** 3
    case 'similarity':
      return similarity
    case 'confidence':
      return confidence
    case 'energy':
      return energy
    case 'distance':
      return -distance
  }
}

/** The score that tells foreign messages, and where it lies for rows in scope. */
export interface ScopeScale {
  score: ScopeScore
  cut: number
  scale: number
}

/** How strange a message is, 0..1, on a logistic scale: 0.5 is where the strangest 5 % of held-out rows in scope begin. */
export function outOfScopeScore({ score, cut, scale }: ScopeScale, signs: ScopeSigns): number {
  return 1 / (1 + Math.exp((belonging(score, signs) - cut) / scale))
}

/** Log-sum-exp of a message's scores; where rows have several labels, the sum over labels of log(1 + e^score) (Wang et al. 2021, equation 6). */
export function energyOf(scores: ArrayLike<number>, multi: boolean): number {
  let most = 0
  if (!multi) {
    most = Number.NEGATIVE_INFINITY
    for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i]!)
  }
  let sum = 0
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!
    sum += multi ? Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) : Math.exp(score - most)
  }
  return multi ? sum : most + Math.log(sum)
}
