import { z } from 'zod'
import { artifactHash, classifierRef, endedTrial, knowledgeRef, modelText, pinnedRef, runNote, trialPlan } from '#kit'

/**
 * What server and compute process say to each other, over IPC today and over HTTP for a far one: plain JSON, one union a
 * direction, one version for all.
 */
export const protocolVersion = 5

/** A loaded model; times as in `LatencyFigures`. */
const servedModel = z.object({
  artifact: z.string(),
  /** What it gives: labels, written answers, answers that it finds, or passages of documents. */
  gives: z.enum(['labels', 'answers', 'found', 'passages']),
  precision: z.enum(['full', 'int8']),
  megabytes: z.number(),
  answers: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  waitP50Ms: z.number(),
  waitP95Ms: z.number(),
  batchRows: z.number(),
})
export type ServedModel = z.infer<typeof servedModel>

/** How an answer is written. */
export const writeOptions = z.object({
  /** 0: always the likeliest token. Else scores are divided by it before one is drawn. */
  temperature: z.number().min(0).max(2),
  /** The likeliest tokens that together have this share are drawn from. */
  topP: z.number().gt(0).max(1),
  /** Most tokens of the answer. */
  maxTokens: z.number().int().min(1).max(512),
  /** The same seed draws the same answer. */
  seed: z.number().int().min(0).max(2_147_483_647),
})
export type WriteOptions = z.infer<typeof writeOptions>

/** An upload as an artifact: its one file, and the person's name for it. */
const stagedUpload = z.object({ name: z.string(), artifact: artifactHash })
export type StagedUpload = z.infer<typeof stagedUpload>
/** The file in such an artifact. */
export const uploadFile = 'upload'

const params = z.record(z.string(), z.union([z.string(), z.number()]))

export const toCompute = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('job.start'),
    job: z.string(),
    /** Type of the block. */
    block: z.string(),
    config: z.record(z.string(), z.unknown()),
    inputs: z.record(z.string(), z.unknown()),
    /** How often the job was made smaller after a failure that asked for it. */
    shrink: z.number().int(),
    /** Devices that failed in this block already. */
    avoid: z.array(z.string()),
    /** What came of the trials that it asked for. */
    trials: z.array(endedTrial),
    /** The uploads that its config names, by their ids. */
    uploads: z.record(z.string(), stagedUpload),
  }),
  z.object({ type: z.literal('job.cancel'), job: z.string() }),
  /** The job is to end with what it has; one that has nothing to keep goes on to its end. */
  z.object({ type: z.literal('job.finish'), job: z.string() }),
  z.object({ type: z.literal('classify'), request: z.number(), model: classifierRef, texts: z.array(modelText) }),
  z.object({
    type: z.literal('find'),
    request: z.number(),
    artifact: artifactHash,
    questions: z.array(z.string()),
    /** Answers of each question. */
    count: z.number().int().min(1),
  }),
  z.object({
    type: z.literal('retrieve'),
    request: z.number(),
    knowledge: knowledgeRef,
    question: z.object({ text: z.string(), language: z.string() }),
  }),
  z.object({
    type: z.literal('write'),
    request: z.number(),
    artifact: artifactHash,
    question: z.string(),
    options: writeOptions,
  }),
  /** Nobody waits for this answer any more. */
  z.object({ type: z.literal('write.cancel'), request: z.number() }),
  /** Loads these before anybody asks, as far as they find room; others are let go before them. */
  z.object({ type: z.literal('models.keep'), models: z.array(pinnedRef) }),
])
export type ToCompute = z.infer<typeof toCompute>

export const fromCompute = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), version: z.literal(protocolVersion), device: z.string() }),
  z.object({ type: z.literal('heartbeat') }),
  z.object({
    type: z.literal('job.progressed'),
    job: z.string(),
    progress: z.object({ phase: z.string(), share: z.number() }).loose(),
  }),
  z.object({ type: z.literal('job.noted'), job: z.string(), note: runNote }),
  z.object({ type: z.literal('job.settled'), job: z.string(), outputs: z.record(z.string(), z.unknown()) }),
  /** It wants trials first, and is to be begun again with what came of them. */
  z.object({ type: z.literal('job.branched'), job: z.string(), plan: trialPlan }),
  z.object({ type: z.literal('job.failed'), job: z.string(), code: z.string(), params }),
  z.object({ type: z.literal('classified'), request: z.number(), answers: z.array(z.unknown()) }),
  z.object({ type: z.literal('classify.failed'), request: z.number(), code: z.string(), params }),
  z.object({ type: z.literal('found'), request: z.number(), found: z.array(z.unknown()) }),
  z.object({ type: z.literal('find.failed'), request: z.number(), code: z.string(), params }),
  z.object({ type: z.literal('retrieved'), request: z.number(), found: z.unknown() }),
  z.object({ type: z.literal('retrieve.failed'), request: z.number(), code: z.string(), params }),
  /** An answer so far, a few times a second. */
  z.object({ type: z.literal('write.grew'), request: z.number(), text: z.string() }),
  z.object({
    type: z.literal('written'),
    request: z.number(),
    text: z.string(),
    tokens: z.number(),
    /** The model ended the answer itself; else it was cut off. */
    ended: z.boolean(),
  }),
  z.object({ type: z.literal('write.failed'), request: z.number(), code: z.string(), params }),
  /** What the serving process holds and how fast it answers; sent when that has changed. */
  z.object({ type: z.literal('models.served'), models: z.array(servedModel) }),
])
export type FromCompute = z.infer<typeof fromCompute>

/** How a compute process is told where it works; by environment, so that the first message finds it ready. */
export interface ComputeFolders {
  artifacts: string
  cache: string
  models: string
  /** Only the command line's own process lets a config name an encoder by path. */
  allowPaths: boolean
}
