import { z } from 'zod'
import { labelRef, runNote } from '#kit'

const share = z.number().min(0).max(1)
const positive = z.number().positive()
const count = z.number().int().min(0)

/**
 * The model with 8-bit weights (`model.int8.onnx`) tried beside the full one, on validation rows: the share of them that each
 * answers right, and how many times as fast it was on the processor named.
 */
export const int8Trial = z.object({
  rows: positive.int(),
  fullAccuracy: share,
  accuracy: share,
  speedup: positive,
  processor: z.string(),
})
export type Int8Trial = z.infer<typeof int8Trial>

/** Percentage points of accuracy that 8-bit weights cost in a trial; negative where they gain. */
export const pointsLost = (trial: Int8Trial): number => (trial.fullAccuracy - trial.accuracy) * 100

/**
 * `card.json` of a trained model: what it is, what it was trained on, how well it did on rows held out, and how its
 * scores become probabilities. Shares are fractions 0..1.
 */
export const modelCard = z.object({
  format: z.literal(1),
  encoder: z.object({ name: z.string(), hash: z.string(), width: positive.int() }),
  method: z.enum(['head', 'setfit', 'partial', 'lora', 'full']),
  /** Several labels a row: sigmoids instead of one softmax. */
  multi: z.boolean(),
  labels: z.array(labelRef.extend({ rows: count })).min(2),
  /** `vote`: the share of a probability that the learned rows decide (`neighbourVote`). */
  calibration: z.object({ temperature: positive, vote: share.default(0), rows: count }),
  /** See `outOfScopeScore`. */
  scope: z.object({ cut: z.number(), scale: positive }),
  heldOut: z.object({
    /** Where the figures come from: the validation split, or rows of train that a fit had not seen. */
    from: z.enum(['validation', 'train']),
    rows: count,
    accuracy: share,
    macroF1: share,
    ece: share,
  }),
  /** The entities that it finds; absent where it has learned none. `temperature` divides the scores of tags. */
  entities: z
    .object({
      types: z.array(z.string()).min(1),
      temperature: positive,
      /** Whole entities on the held-out rows of which somebody said where they are. */
      heldOut: z.object({ rows: count, entities: count, precision: share, recall: share, f1: share }),
    })
    .optional(),
  /** Absent without validation rows: a model that was not tried is not offered. */
  int8: int8Trial.optional(),
  training: z.object({
    /** SHA-256 of the rows that were learned. */
    dataHash: z.string(),
    rows: count,
    /** Those of `rows` that were made from others. */
    madeRows: count.default(0),
    validationRows: count,
    settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    /** The model that training went on from: its artifact or the name of its folder, and the rows that it had learned. */
    continuedFrom: z.object({ model: z.string(), dataHash: z.string() }).optional(),
    epochs: z.number().min(0),
    device: z.string(),
    seconds: z.number().min(0),
    /** What happened on the way; absent where nothing did. */
    notes: z.array(runNote).optional(),
  }),
  /** SHA-256 of each other file of the folder. */
  files: z.record(z.string(), z.string()),
})
export type ModelCard = z.infer<typeof modelCard>

/** One learned row beside its vector, for the nearest-rows trace. */
export const storedRow = z.object({ row: z.string(), text: z.string(), labels: z.array(z.number().int().min(0)) })
export type StoredRow = z.infer<typeof storedRow>

/**
 * How strange a message is, 0..1: the confidence times the cube of the cosine similarity with the nearest learned row,
 * laid on a logistic scale so that 0.5 is where the strangest 5 % of held-out rows in scope begin. Confidence alone
 * trusts foreign messages that look like one label by a single word; the nearest row does not.
 */
export function outOfScopeScore(scope: ModelCard['scope'], confidence: number, similarity: number): number {
  return 1 / (1 + Math.exp((belonging(confidence, similarity) - scope.cut) / scope.scale))
}

/** The raw score behind `outOfScopeScore`: higher is more at home. */
export function belonging(confidence: number, similarity: number): number {
  return confidence * Math.max(0, similarity) ** 3
}
