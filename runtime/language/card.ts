import { z } from 'zod'
import { labelRef, runNote } from '#kit'
import { scopeScores } from './scope.ts'

const share = z.number().min(0).max(1)
const positive = z.number().positive()
const count = z.number().int().min(0)

/** Why a method was chosen where the person left it open. Times are estimates, in minutes. */
export const methodChoice = z.object({
  why: z.enum(['few-rows', 'fits', 'part-fits', 'nothing-fits']),
  method: z.enum(['head', 'partial', 'full']),
  rows: count,
  labels: count,
  /** What the chosen method and the most thorough one should take; null where the rows alone decided. */
  minutes: z.number().nullable(),
  fullMinutes: z.number().nullable(),
  allowed: z.number(),
  /** Layers that learn, of so many. */
  layers: count,
  of: count,
})
export type MethodChoice = z.infer<typeof methodChoice>

/** F1 of entities by the full model and by a smaller form of it, on the same rows. */
const entityF1 = z.object({ fullF1: share, f1: share })

/**
 * The model with 8-bit weights (`model.int8.onnx`) tried beside the full one, on validation rows: the share of them that each
 * answers right, and how many times as fast it was on the processor named. `entities`: whole ones, where the model finds such.
 */
export const int8Trial = z.object({
  rows: positive.int(),
  fullAccuracy: share,
  accuracy: share,
  entities: entityF1.optional(),
  speedup: positive,
  processor: z.string(),
})
export type Int8Trial = z.infer<typeof int8Trial>

/** Percentage points of accuracy that a smaller form costs in a trial; negative where it gains. */
export const pointsLost = (trial: Pick<Int8Trial, 'fullAccuracy' | 'accuracy'>): number =>
  (trial.fullAccuracy - trial.accuracy) * 100

/** The same of the F1 of entities; 0 where there are none. */
export const entityPointsLost = ({ entities }: Pick<Int8Trial, 'entities'>): number =>
  entities ? (entities.fullF1 - entities.f1) * 100 : 0

/**
 * The model with fewer layers beside the one with all of them, which taught it. Neither has learned the rows that judge both.
 * `size` is its share of all weights; it reads `speedup` times as fast on the device that trained it.
 */
export const shorterTrial = z.object({
  layers: positive.int(),
  of: positive.int(),
  /** Which layers stay: some from bottom to top, or the lowest ones. */
  chosen: z.enum(['spread', 'lower']),
  rows: count,
  fullAccuracy: share,
  accuracy: share,
  /** Whole entities on these rows; absent where none are learned. */
  entities: entityF1.optional(),
  size: share,
  speedup: positive,
})
export type ShorterTrial = z.infer<typeof shorterTrial>

/** What each card says of the training, whatever was learned. */
export const trainingFacts = z.object({
  /** SHA-256 of the rows that were given. */
  dataHash: z.string(),
  rows: count,
  /** Those of `rows` that were made from others. */
  madeRows: count,
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  /** The model that training went on from: its artifact or the name of its folder, and the rows that it had learned. */
  continuedFrom: z.object({ model: z.string(), dataHash: z.string() }).optional(),
  epochs: count,
  device: z.string(),
  seconds: z.number().min(0),
  /** What happened on the way; absent where nothing did. */
  notes: z.array(runNote).optional(),
})
export type TrainingFacts = z.infer<typeof trainingFacts>

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
  /** It reads two texts at once and asks for both. */
  pairs: z.boolean().default(false),
  labels: z.array(labelRef.extend({ rows: count })).min(2),
  /**
   * `words`: how much the words of learned rows count beside the head (`blended`); `vote`: the share of a probability that the nearest of those rows
   * have (`NeighbourOpinion.vote`); `sharpness`: the power that the mixture is raised to.
   * `thresholds`: where rows have several labels, the probability from which on each is given; empty: one half for all.
   */
  calibration: z.object({
    temperature: positive,
    vote: share.default(0),
    words: z.number().min(0).default(0),
    sharpness: positive.default(1),
    thresholds: z.array(share).default([]),
    rows: count,
  }),
  /** See `outOfScopeScore`. Cards that are older than the choice of a score mean `product`. */
  scope: z.object({
    score: z.enum(scopeScores).default('product'),
    cut: z.number(),
    scale: positive,
    /** What the score was chosen by: foreign rows of validation, labels left out by turns, or nothing, for want of rows. */
    by: z.enum(['outside', 'labels', 'none']).default('none'),
    /** Each score's area under the ROC curve, best first. */
    compared: z.array(z.object({ score: z.enum(scopeScores), auroc: share })).default([]),
  }),
  heldOut: z.object({
    /** Where the figures come from: the validation split, or rows of train that a fit had not seen. */
    from: z.enum(['validation', 'train']),
    rows: count,
    accuracy: share,
    macroF1: share,
    ece: share,
    /** Nats a row, of the calibrated probabilities; absent in cards that are older than it. */
    loss: z.number().min(0).optional(),
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
  /** Absent where the encoder has all of its layers. */
  shorter: shorterTrial.optional(),
  training: trainingFacts.extend({
    madeRows: count.default(0),
    validationRows: count,
    /** Absent where the person chose the method. */
    chosen: methodChoice.optional(),
    epochs: z.number().min(0),
  }),
  /** SHA-256 of each other file of the folder. */
  files: z.record(z.string(), z.string()),
})
export type ModelCard = z.infer<typeof modelCard>

/** One learned row beside its vector, for the nearest-rows trace. */
export const storedRow = z.object({
  row: z.string(),
  text: z.string(),
  pair: z.string().optional(),
  labels: z.array(z.number().int().min(0)),
})
export type StoredRow = z.infer<typeof storedRow>
