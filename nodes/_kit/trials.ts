import { z } from 'zod'

const values = z.record(z.string(), z.unknown())

/** Why a trial gave nothing: a code of the error catalogue and what fills its places. */
const trialFailure = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** The same block with another config and, where it wants, other inputs: a job of its own that any worker may take. */
export const trial = z.object({
  /** Tells it from the other trials of its block; equal for equal settings. */
  id: z.string().regex(/^[a-z0-9.-]{1,60}$/),
  config: values,
  inputs: values,
  /** Seconds after which it is given up; null: none. */
  limit: z.number().positive().nullable(),
})
export type Trial = z.infer<typeof trial>

/** A trial with what came of it. Just one of `outputs` and `failure` is null. */
export const endedTrial = trial.extend({
  outputs: values.nullable(),
  failure: trialFailure.nullable(),
  /** Seconds that its last attempt took. */
  seconds: z.number(),
})
export type EndedTrial = z.infer<typeof endedTrial>

/** What a runner wants to be tried before it does its own work; it is asked again when all of them have ended. */
export const trialPlan = z.object({
  trials: z.array(trial),
  /** The most trials that there may be in all, for those who wait. */
  atMost: z.number().int(),
})
export type TrialPlan = z.infer<typeof trialPlan>

/** One line of the table of a search. */
export const trialRow = z.object({
  method: z.string(),
  /** Layers that learned, where it was not all of them. */
  layers: z.number().int().nullable(),
  /** Null where nothing but the head learned. */
  learningRate: z.number().nullable(),
  /** Rounds over the training rows as planned; null as with the rate. */
  epochs: z.number().nullable(),
  /** On rows that it had not learned; null where it failed. Accuracy is a fraction, loss is in nats a row. */
  heldOut: z.object({ accuracy: z.number(), loss: z.number(), rows: z.number().int() }).nullable(),
  seconds: z.number(),
  device: z.string().nullable(),
  chosen: z.boolean(),
  failure: trialFailure.nullable(),
})
export type TrialRow = z.infer<typeof trialRow>
