import { z } from 'zod'
import { trialRow } from './trials.ts'

/** SHA-256 in hex of an artifact folder's manifest: the only name that an artifact has. */
export const artifactHash = z.string().regex(/^[0-9a-f]{64}$/)

/** A label: its id is stable for ever, its name is what people read and may change. */
export const labelRef = z.object({ id: z.string(), name: z.string() })
export type LabelRef = z.infer<typeof labelRef>

/** A part of a text that names something: [start, end) in UTF-16 code units, as JavaScript counts them, and what it names. */
export const entitySpan = z
  .object({ start: z.number().int().min(0), end: z.number().int().min(1), type: z.string().min(1).max(100) })
  .refine((span) => span.start < span.end)
export type EntitySpan = z.infer<typeof entitySpan>

/** How a row was made from another one. */
export const augmentationWay = z.enum(['synonyms', 'swap', 'delete', 'keyboard', 'pinyin'])
export type AugmentationWay = z.infer<typeof augmentationWay>

/**
 * One record on its way through the Learn half. `label` is a label's id; out-of-scope rows have none and say so. `entities` are in the
 * order of the text and do not overlap; an empty list says that there are none in it, no list that nobody looked. `origin`: the row was
 * made from another one to learn from; nothing is judged by it. `pair` is the second text of a row: the answer of a question, or the
 * other sentence; such a row may have no label.
 */
export const datasetRow = z.object({
  id: z.string(),
  text: z.string(),
  pair: z.string().optional(),
  label: z.string().optional(),
  labels: z.array(z.string()).optional(),
  language: z.string().optional(),
  group: z.string().optional(),
  split: z.enum(['train', 'validation', 'test']).optional(),
  outOfScope: z.boolean().optional(),
  entities: z.array(entitySpan).optional(),
  origin: z.object({ row: z.string(), way: augmentationWay }).optional(),
})
export type DatasetRow = z.infer<typeof datasetRow>

/** Rows in the artifact store (`rows.jsonl`). `labels[].rows` counts rows of that label in this very dataset. */
export const datasetRef = z.object({
  artifact: artifactHash,
  rows: z.number().int(),
  labels: z.array(labelRef.extend({ rows: z.number().int() })),
  outOfScopeRows: z.number().int(),
  languages: z.array(z.string()),
  /** Rows with a second text; absent: none. */
  pairs: z.number().int().optional(),
})
export type DatasetRef = z.infer<typeof datasetRef>

/** A trained model folder: safetensors, tokenizer, ONNX, card. */
export const modelRef = z.object({
  artifact: artifactHash,
  /**
   * Present where it writes or finds answers: then it knows no labels, and `validationAccuracy` is the share of the answers' tokens, or of
   * the questions whose answer comes first.
   */
  kind: z.enum(['answers', 'retrieval']).optional(),
  encoder: z.string(),
  method: z.string(),
  labels: z.array(labelRef),
  validationAccuracy: z.number().nullable(),
  /** It learned from rows with a second text. */
  pairs: z.boolean().optional(),
  /** What was tried until this one was chosen; absent where nobody searched. */
  trials: z.array(trialRow).optional(),
})
export type ModelRef = z.infer<typeof modelRef>

/** What evaluate found. All shares are fractions 0..1. */
export const reportRef = z.object({
  artifact: artifactHash,
  rows: z.number().int(),
  accuracy: z.number(),
  macroF1: z.number(),
  ece: z.number(),
  auroc: z.number().nullable(),
  threshold: z.number(),
})
export type ReportRef = z.infer<typeof reportRef>

/** What evaluate found of a model that writes answers. */
export const answersReportRef = z.object({
  artifact: artifactHash,
  kind: z.literal('answers'),
  /** Answers that were tested. */
  rows: z.number().int(),
  /** Mean cross-entropy of an answer's token, nats, and e to it. */
  loss: z.number(),
  perplexity: z.number(),
  /** Share 0..1 of the answers' tokens that the model finds likeliest. */
  tokenAccuracy: z.number(),
  /** How like the written answers are to the given ones, chrF 0..1. */
  chrF: z.number(),
})
export type AnswersReportRef = z.infer<typeof answersReportRef>

/** What evaluate found of a model that finds answers: see `RetrievalMetrics`. */
export const retrievalReportRef = z.object({
  artifact: artifactHash,
  kind: z.literal('retrieval'),
  /** Questions that were asked, and the answers among which theirs were looked for. */
  rows: z.number().int(),
  answers: z.number().int(),
  recall1: z.number(),
  recall5: z.number(),
  mrr10: z.number(),
})
export type RetrievalReportRef = z.infer<typeof retrievalReportRef>

/** A report of whatever kind. */
export const anyReportRef = z.union([reportRef, answersReportRef, retrievalReportRef])

/** A model that passed its gate: anything that can classify texts. It goes live only by Publish. */
export const classifierRef = z.object({
  artifact: artifactHash,
  labels: z.array(labelRef),
  threshold: z.number(),
  accuracy: z.number().nullable(),
  /** It reads two texts at once. */
  pairs: z.boolean().optional(),
  /** The form of the model that answers; without it the full one. */
  precision: z.enum(['full', 'int8']).optional(),
})
export type ClassifierRef = z.infer<typeof classifierRef>

/** A model that passed its gate and writes answers; an intent block cannot use it. */
export const writerRef = z.object({ artifact: artifactHash, kind: z.literal('answers'), perplexity: z.number() })
export type WriterRef = z.infer<typeof writerRef>

/** A model that passed its gate and finds answers; an intent block cannot use it. */
export const finderRef = z.object({ artifact: artifactHash, kind: z.literal('retrieval'), recall1: z.number() })
export type FinderRef = z.infer<typeof finderRef>

/** Passages of documents and written answers, each with its vectors, ready to be asked. It goes live only by Publish. */
export const knowledgeRef = z.object({
  artifact: artifactHash,
  kind: z.literal('knowledge'),
  encoder: z.string(),
  /** Files that were read, pieces that they were cut into, and questions with a written answer. */
  documents: z.number().int(),
  passages: z.number().int(),
  questions: z.number().int(),
  /** Confidence 0..1 below which nothing in it answers. */
  floor: z.number().min(0).max(1),
})
export type KnowledgeRef = z.infer<typeof knowledgeRef>

/** What a version is held to: each model and each knowledge that its dialog talks with. */
export const pinnedRef = z.union([knowledgeRef, classifierRef])
export type PinnedRef = z.infer<typeof pinnedRef>

export function isKnowledge(ref: PinnedRef): ref is KnowledgeRef {
  return 'kind' in ref && ref.kind === 'knowledge'
}

/**
 * The table of port types. `flow` carries the conversation, the others carry data.
 * An output of `flow` has one target and its input many sources, cycles allowed; a data input has one source, fan-out
 * is allowed and cycles are refused. Canvas and compiler refuse a bad wire from this same table.
 */
export const portTypes = {
  flow: { schema: z.null(), data: false },
  dataset: { schema: datasetRef, data: true },
  model: { schema: modelRef, data: true },
  report: { schema: anyReportRef, data: true },
  classifier: { schema: z.union([classifierRef, writerRef, finderRef]), data: true },
  knowledge: { schema: knowledgeRef, data: true },
} as const
export type PortType = keyof typeof portTypes
export type PortValue<T extends PortType> = z.infer<(typeof portTypes)[T]['schema']>

export interface Port<T extends PortType = PortType> {
  type: T
  optional?: boolean
  /** Labels of what comes in here say nothing of what the block gives: they end at this input. */
  endsLabels?: boolean
  /** A model that comes in here must tell labels; one that writes or finds answers is refused. */
  needsLabels?: boolean
  /** Locale key below the block's type, default `port.<id>`. Ignored when `label` is given. */
  title?: string
  /** A port that stands for a label of the data shows the label's name. */
  label?: { name: string; rows: number; trained: boolean }
  /** A port that stands for an item of the config (a button, a choice) shows this text. */
  text?: Record<string, string>
}
export type Ports = Record<string, Port>

/** Keeps what the options say in the type: an optional input is optional for its runner as well. */
export function port<T extends PortType, const O extends Omit<Port<T>, 'type'> = Record<never, never>>(
  type: T,
  options?: O,
): Port<T> & O {
  // Without options nothing is added, which the type says with an empty `O`.
  return { type, ...options } as Port<T> & O
}
