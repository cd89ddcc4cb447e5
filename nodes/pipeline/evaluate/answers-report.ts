import { z } from 'zod'
import { examinedModel } from './examined-model.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)
const nats = z.number().min(0)

/** An answer that was given, and what the model writes to the same question. */
export const writtenAnswer = z.object({
  id: z.string(),
  question: z.string(),
  given: z.string(),
  written: z.string(),
  /** The model ended by itself; else it was cut off. */
  ended: z.boolean(),
  chrF: share,
})
export type WrittenAnswer = z.infer<typeof writtenAnswer>

/** `report.json` of a model that writes answers; `rows.jsonl` beside it has all that were written (`writtenAnswer`). */
export const answersReport = z.object({
  kind: z.literal('answers'),
  /** Test rows with an answer, and the tokens of these answers. */
  rows: count,
  tokens: count,
  /** Mean cross-entropy of a token, nats, e to it, and the share of tokens that the model finds likeliest. */
  loss: nats,
  perplexity: z.number(),
  tokenAccuracy: share,
  /** Rows whose answer was written, always the likeliest token: chrF over all of them, and the share that is the given one to the letter. */
  written: z.object({ rows: count, chrF: share, exact: share }),
  /** Some of them, in the order of the data. */
  examples: z.array(writtenAnswer),
  model: examinedModel.extend({
    epochs: count,
    /** On held-out rows, before and after training; null where there were none. */
    heldOut: z.object({ rows: count, loss: nats, before: nats }).nullable(),
  }),
})
export type AnswersReport = z.infer<typeof answersReport>
