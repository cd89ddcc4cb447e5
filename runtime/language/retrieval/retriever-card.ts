import { z } from 'zod'
import { methodChoice, trainingFacts } from '../card.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)

/** How well questions find their answers: see `RetrievalMetrics`. */
export const retrievalMetrics = z.object({ recall1: share, recall5: share, mrr10: share })

/** `card.json` of a model that finds answers. */
export const retrieverCard = z.object({
  format: z.literal(1),
  /** Tells it from the card of a classifier, which has none. */
  kind: z.literal('retrieval'),
  encoder: z.object({ name: z.string(), hash: z.string(), width: z.number().int().positive() }),
  method: z.enum(['head', 'partial', 'lora', 'full']),
  /** On questions that it did not learn, among all answers; null where there were too few to keep any apart. */
  heldOut: retrievalMetrics
    .extend({
      from: z.enum(['validation', 'train']),
      rows: count,
      answers: count,
      loss: z.number(),
      before: retrievalMetrics,
    })
    .nullable(),
  /** Cosine below which no answer fits, and how well it tells that; null where nothing says where that is. */
  bar: z.object({ similarity: z.number(), auroc: share }).nullable(),
  /** Answers that it finds. */
  answers: count,
  /** `chosen` is absent where the person chose the method. */
  training: trainingFacts.extend({ chosen: methodChoice.optional() }),
  /** SHA-256 of each other file of the folder. */
  files: z.record(z.string(), z.string()),
})
export type RetrieverCard = z.infer<typeof retrieverCard>

/** An answer that can be found, beside its vector. */
export const storedAnswer = z.object({ row: z.string(), text: z.string() })
export type StoredAnswer = z.infer<typeof storedAnswer>
