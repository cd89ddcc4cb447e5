import { z } from 'zod'
import { labelRef, trialRow } from '#kit'
import { int8Trial, methodChoice, shorterTrial } from '#runtime/language/card.ts'
import { examinedModel } from './examined-model.ts'
import { lengthSlice } from './length-slices.ts'

const share = z.number().min(0).max(1)
const count = z.number().int().min(0)

/** From here on the intent block, as it comes, takes a message for foreign. */
export const outOfScopeCut = 0.5

const steps = 101
const counts = z.array(count).length(steps)

/**
 * What would have come of the test questions at each threshold: `[i]` is at i / 100. In counts; the rest was handed on,
 * as too unsure or as foreign by the model's own score.
 */
const answeringCurve = z.object({
  /** Known questions, that is those in scope, that were answered. */
  right: counts,
  wrong: counts,
  /** Foreign questions, those out of scope, that were answered all the same. */
  foreign: counts,
})

const entity = z.object({ start: count, end: count, type: z.string(), text: z.string() })
const entityScore = z.object({ precision: share, recall: share, f1: share, support: count })

/** How well entities are found: whole ones, with their exact start, end and type. */
const entityReport = entityScore.extend({
  /** Test rows of which somebody said where entities are, and the share of them in which just those were found. */
  rows: count,
  exact: share,
  types: z.array(entityScore.extend({ type: z.string() })),
  /** Rows in which something was missed or found in vain, the first of them. Offsets are in UTF-16 units. */
  misses: z.array(
    z.object({
      row: z.string(),
      text: z.string(),
      truth: z.array(entity),
      found: z.array(entity.extend({ confidence: share })),
    }),
  ),
})
export type EntityReport = z.infer<typeof entityReport>

/** `report.json` of a report artifact. Shares are fractions 0..1; `truth` and `predicted` are label ids. */
export const evaluationReport = z.object({
  /** Test rows in scope; accuracy, F1 and calibration are over these. */
  rows: count,
  outOfScopeRows: count,
  accuracy: share,
  macroF1: share,
  /** Where rows have several labels: F1 over all given and right labels alike; then `accuracy` asks for exactly the right ones. */
  microF1: share.nullable().default(null),
  ece: share,
  /** How well the out-of-scope score tells rows out of scope from the rest; null without such rows. */
  auroc: share.nullable(),
  /** Confidence from which the bot answers. */
  threshold: share,
  labels: z.array(labelRef.extend({ precision: share, recall: share, f1: share, support: count })),
  confusion: z.array(z.object({ truth: z.string(), predicted: z.string(), count, rows: z.array(z.string()) })),
  languages: z.array(z.object({ language: z.string(), rows: count, accuracy: share, macroF1: share })),
  /** Rows in scope by length of the text, shortest first; empty in reports that are older than it. */
  lengths: z.array(lengthSlice).default([]),
  /** 15 equal-width bins of confidence; empty ones have zero rows. */
  reliability: z.array(z.object({ from: share, to: share, rows: count, confidence: share, accuracy: share })),
  /** In steps of 0.02: shares of all test rows answered right, answered wrongly, handed on (too unsure, or out of scope by the model's score). Rows out of scope can be answered wrongly or handed on. */
  thresholds: z.array(z.object({ threshold: share, right: share, wrong: share, handedOn: share })),
  /** Finer than `thresholds`, with known and foreign questions apart; null in reports that are older than it. */
  answering: answeringCurve.nullable().default(null),
  /** Null where the model has learned no entities or no test row says where they are. */
  entities: entityReport.nullable().default(null),
  model: examinedModel.extend({
    /** The smaller form of the model, tried on validation rows; null where it was not. */
    int8: int8Trial.nullable().default(null),
    /** The model with fewer layers beside the one that taught it; null where all were kept. */
    shorter: shorterTrial.nullable().default(null),
    /** How the model tells foreign questions, and what that was chosen by: words of its card. Null in older reports. */
    scope: z.object({ score: z.string(), by: z.string() }).nullable().default(null),
    /** Why the method was chosen, where the person left it open. */
    chosen: methodChoice.nullable().default(null),
    /** What was tried until this model was chosen; empty where nobody searched. */
    trials: z.array(trialRow).default([]),
    /** It reads two texts at once. */
    pairs: z.boolean().default(false),
  }),
})
export type EvaluationReport = z.infer<typeof evaluationReport>

/** One line of `rows.jsonl` of a report artifact; out-of-scope rows have an empty `truth`. */
export const evaluatedRow = z.object({
  id: z.string(),
  text: z.string(),
  /** The second text, where rows have two. */
  pair: z.string().nullable().default(null),
  truth: z.string(),
  truthName: z.string(),
  predicted: z.string(),
  predictedName: z.string(),
  probability: share,
  /** The likeliest labels, at most three, likeliest first; empty in reports that are older than it. */
  guesses: z.array(z.object({ label: z.string(), name: z.string(), probability: share })).default([]),
  outOfScope: share,
  right: z.boolean(),
  language: z.string().nullable(),
})
export type EvaluatedRow = z.infer<typeof evaluatedRow>
