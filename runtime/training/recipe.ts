/**
 * How an encoder is fine-tuned, for all data alike. Each figure was chosen on rows held out of the training rows of five sets
 * (docs/training.md), never on a test.
 */
export const recipe = {
  /** The head starts at its optimum, so it may move somewhat faster than the encoder. */
  headRate: 3,
  /** A layer learns by this factor slower than the one above it (Howard & Ruder 2018, section 3.2). */
  layerDecay: 0.9,
  /** Adapters start at nothing and are few: they need about ten times the rate of whole matrices (Biderman et al. 2024; here tried on the sample shop alone). */
  adapterRate: 10,
  /** Share of a text's inner tokens that a step does not see: like a customer who types less. */
  tokenDeletion: 0.1,
  /** Weight of the distance to the vector that the encoder gave before: what it knew is not lost for few rows. */
  anchor: 1,
  /** Weight and temperature of the supervised contrastive loss. */
  contrast: 0.3,
  contrastTemperature: 0.1,
} as const

/** Highest learning rate of an encoder where nobody says. */
export const encoderLearningRate = 1e-4

/** How many times training rows are gone through where nobody says: about as many steps for few rows as for many. */
export function epochsFor(rows: number): number {
  return Math.min(25, Math.max(4, Math.round(500 / Math.sqrt(rows))))
}

/** Trainings whose weights are averaged where nobody says: few rows leave much to chance, and are soon gone through again. */
export function membersFor(rows: number): number {
  return rows <= 3000 ? 3 : 1
}

/** Factor on the learning rate of one weight; `layers` are the stored ones. */
export function rateOf(name: string, layers: number): number {
  if (name.startsWith('head.')) return recipe.headRate
  const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1]
  const own = /\.lora_[ab]$/.test(name) ? recipe.adapterRate : 1
  return own * recipe.layerDecay ** (layer === undefined ? layers : layers - 1 - Number(layer))
}
