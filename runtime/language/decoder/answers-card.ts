import { z } from 'zod'
import { trainingFacts } from '../card.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)
const nats = z.number().min(0)

/** How likely a model finds answers that it was given: mean cross-entropy of their tokens, and the share of them that it finds likeliest. */
export const answersJudged = z.object({ loss: nats, accuracy: share })
export type AnswersJudged = z.infer<typeof answersJudged>

/** `card.json` of a decoder that was taught to answer. Losses are nats a token of the answer, its end included. */
export const answersCard = z.object({
  format: z.literal(1),
  /** Tells it from the card of a classifier, which has none. */
  kind: z.literal('answers'),
  decoder: z.object({ name: z.string(), hash: z.string(), width: count }),
  /** On rows that it did not learn; null where there were too few to keep any apart. */
  heldOut: answersJudged
    .extend({ from: z.enum(['validation', 'train']), rows: count, tokens: count, before: answersJudged })
    .nullable(),
  training: trainingFacts,
  /** SHA-256 of each other file of the folder. */
  files: z.record(z.string(), z.string()),
})
export type AnswersCard = z.infer<typeof answersCard>

/** What e to the mean loss is called: among so many equally likely tokens the model chooses, as it were. */
export const perplexityOf = (loss: number): number => Math.exp(loss)
