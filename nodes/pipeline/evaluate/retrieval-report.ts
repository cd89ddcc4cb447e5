import { z } from 'zod'
import { retrievalMetrics as metrics } from '#runtime/language/retrieval/retriever-card.ts'
import { examinedModel } from './examined-model.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)

/** A question of the test, and what was found for it. */
export const rankedRow = z.object({
  id: z.string(),
  question: z.string(),
  /** The right answer, and its rank among all, from 1; where several are right, the best one's. */
  answer: z.string(),
  rank: z.number().int().min(1),
  /** What came first, and its cosine with the question. */
  found: z.string(),
  similarity: z.number(),
  language: z.string().nullable(),
})
export type RankedRow = z.infer<typeof rankedRow>

/** `report.json` of a model that finds answers; `rows.jsonl` beside it has all questions (`rankedRow`). */
export const retrievalReport = z.object({
  kind: z.literal('retrieval'),
  /** Questions of the test, and the distinct answers of training and test among which theirs were looked for. */
  rows: count,
  answers: count,
  ...metrics.shape,
  languages: z.array(metrics.extend({ language: z.string(), rows: count })),
  /** The cosine below which none fits: shares of the questions that it lets through, and of those out of scope that it stops. Null: there is none. */
  bar: z
    .object({ similarity: z.number(), kept: share, foreign: z.object({ rows: count, stopped: share }).nullable() })
    .nullable(),
  /** Questions whose answer did not come first, those furthest off first. */
  hardest: z.array(rankedRow),
  model: examinedModel.extend({
    epochs: count,
    /** On held-out questions, before and after training; null where there were none. */
    heldOut: metrics.extend({ rows: count, answers: count, before: metrics }).nullable(),
  }),
})
export type RetrievalReport = z.infer<typeof retrievalReport>
