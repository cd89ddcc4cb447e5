import type { ConfigOf, NodeDefinition } from './define-node.ts'
import type { ModelText } from './model-text.ts'
import type {
  ClassifierRef,
  DatasetRef,
  DatasetRow,
  EntitySpan,
  KnowledgeRef,
  LabelRef,
  Port,
  PortValue,
} from './ports.ts'
import type { RunNote } from './run-notes.ts'
import type { EndedTrial, TrialPlan } from './trials.ts'

/** What a runner may be about; the studio has a word for each (`phase.<name>` in its texts of runs). */
export const progressPhases = [
  'reading',
  'cleaning',
  'dealing',
  'augmenting',
  'loading',
  'features',
  'embedding',
  'training',
  'distilling',
  'calibrating',
  'examining',
  'checking',
  'saving',
] as const

/** What a runner reports while it works; at most a few times a second. Losses are nats, shares 0..1, times seconds. */
export interface Progress {
  phase: (typeof progressPhases)[number]
  /** 0..1 of the whole block. */
  share: number
  secondsLeft?: number
  epoch?: number
  step?: number
  steps?: number
  loss?: number
  validationLoss?: number
  validationAccuracy?: number
  device?: string
  /** What is learned so far is worth something: a person may end the block now and keep it. */
  keepable?: boolean
  /** Which trial of a search this is, from 1, and how many there may be at most. */
  trial?: number
  trials?: number
}

/** Immutable folders by hash. `write` fills a temporary folder and publishes it whole, or not at all. */
export interface ArtifactAccess {
  /** Absolute path of the artifact's folder on this machine. Throws `artifact-missing`. */
  open(hash: string): Promise<string>
  write(fill: (folder: string) => Promise<void>): Promise<string>
}

/** Datasets as rows, so that no runner parses files. */
export interface DatasetAccess {
  read(ref: DatasetRef): Promise<DatasetRow[]>
  /** Label order is kept; rows of a label are counted here. */
  write(rows: readonly DatasetRow[], labels: readonly LabelRef[]): Promise<DatasetRef>
}

/** Records that live behind the server: sets, uploaded files. Present for `runsOn: 'server'` only. */
export interface RecordAccess {
  set(id: string): Promise<{ rows: DatasetRow[]; labels: LabelRef[] }>
  /** Reads a file of records; labels get ids by name, and with a second text no row needs one. Throws `BlockError` with what is wrong with the file. */
  file(
    ref: string,
    options: { text?: string; pair?: string; label?: string },
  ): Promise<{ rows: DatasetRow[]; labels: LabelRef[] }>
  /** The file as it is. Throws `file-missing`. */
  upload(ref: string): Promise<Upload>
}

/** A file that a person uploaded, as it is. `name` is the person's. */
export interface Upload {
  name: string
  bytes: Uint8Array
}

/** The uploads that the block's own config names, wherever it runs. */
export interface UploadAccess {
  /** Throws `file-missing`. */
  read(ref: string): Promise<Upload>
}

/** An encoder reads, a decoder writes. */
export type LanguageModelKind = 'encoder' | 'decoder'

export interface EncoderAccess {
  /**
   * Folder in Hugging Face layout of `botloom-zh-en`, a name in the models folder or a hub id; of the hub's models one that is not of
   * the kind asked for (default: an encoder) is refused before its weights are fetched. Throws `unknown-encoder`.
   */
  folder(name: string, kind?: LanguageModelKind): Promise<string>
}

export interface RunnerContext {
  signal: AbortSignal
  /** Aborted when a person wants the block to end now with what it has; a runner that has nothing to keep goes on to its end. */
  finish: AbortSignal
  progress(progress: Progress): void
  /** Tells of something that a person should know of; it stays with the run. Never dropped, so at most a few dozen a block. */
  note(note: RunNote): void
  artifacts: ArtifactAccess
  datasets: DatasetAccess
  records: RecordAccess
  uploads: UploadAccess
  encoders: EncoderAccess
  /** A folder for caches by content hash; may vanish at any time between runs. */
  cacheFolder: string
  /** A folder for the states of trainings that go on; an attempt finds there what an interrupted one left. */
  trainingFolder: string
  /** CPU threads that this job may use. */
  threads: number
  /** What is known of this machine's devices lies in `folder`; those of `avoid` failed in this block already. */
  devices: { folder: string; avoid: readonly string[] }
  /** Set by the engine after a failure that asked for it: 0 first, then 1 (half as much at once), 2, ... */
  shrink: number
  /** What came of the trials that this block asked for, in the order in which it asked. */
  trials: readonly EndedTrial[]
}

type StaticPorts<P> = P extends Record<string, Port> ? P : Record<string, Port>
type Inputs<P> = {
  [K in keyof P as P[K] extends { optional: true } ? never : K]: P[K] extends Port<infer T> ? PortValue<T> : never
} & {
  [K in keyof P as P[K] extends { optional: true } ? K : never]?: P[K] extends Port<infer T> ? PortValue<T> : never
}
type Outputs<P> = { [K in keyof P]: P[K] extends Port<infer T> ? PortValue<T> : never }

export type Runner<D> =
  D extends NodeDefinition<infer _S, infer I, infer O>
    ? (args: {
        config: ConfigOf<D>
        inputs: Inputs<StaticPorts<I>>
        ctx: RunnerContext
      }) => Promise<Outputs<StaticPorts<O>>>
    : never

/**
 * Asked before `run`, at first and whenever all trials that it asked for have ended (`ctx.trials`). With a trial that was not tried
 * yet, those are run and nothing stays in memory meanwhile; with none, `run` has its turn.
 */
export type Planner<D> =
  Runner<D> extends (args: infer A) => Promise<unknown> ? (args: A) => Promise<TrialPlan | null> : never

/** What a job of a runner ends with. */
export type RunnerAnswer = { outputs: Record<string, unknown> } | { plan: TrialPlan }

/** A runner with its definition beside it. `run` and `plan` throw `BlockError` for what a person can mend. */
export interface DefinedRunner<D = unknown> {
  node: D
  run: Runner<D>
  plan?: Planner<D>
}
export interface AnyRunner {
  node: { type: string }
  // biome-ignore lint/suspicious/noExplicitAny: the registry holds runners of different configs
  run: (args: { config: any; inputs: any; ctx: RunnerContext }) => Promise<Record<string, unknown>>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  plan?: (args: { config: any; inputs: any; ctx: RunnerContext }) => Promise<TrialPlan | null>
}

export function defineRunner<D extends NodeDefinition>(node: D, run: Runner<D>): DefinedRunner<D> {
  return { node, run }
}

/** A runner that may ask for trials before its own work. */
export function definePlanner<D extends NodeDefinition>(runner: DefinedRunner<D>, plan: Planner<D>): DefinedRunner<D> {
  return { ...runner, plan }
}

/** What a model found in a text: [start, end) in UTF-16 code units, and how sure it is that just this part is just that, 0..1. */
export interface FoundEntity extends EntitySpan {
  text: string
  confidence: number
}

/** What a classifier says of one text. Probabilities are calibrated and sorted, highest first. */
export interface Classification {
  labels: { label: string; name: string; probability: number }[]
  /** 0..1, higher is more likely out of scope. */
  outOfScope: number
  neighbours: { row: string; text: string; pair?: string; label: string; name: string; similarity: number }[]
  /** In the order of the text; absent where the model has learned no entities. */
  entities?: FoundEntity[]
  /** Milliseconds inside the model. */
  ms: number
}

/** What a model that finds answers says of one question. */
export interface FoundAnswers {
  /** The nearest ones, nearest first, each with the cosine of the vectors. */
  answers: { row: string; text: string; similarity: number }[]
  /** The first one is near enough; else none fits. */
  fits: boolean
  /** Milliseconds inside the model. */
  ms: number
}

/** Where a passage was found. `url` is http or https. */
export interface PassageSource {
  /** The document's title. */
  title: string
  /** Headings above it, outermost first. */
  headings: string[]
  /** Page from 1, of what has pages. */
  page?: number
  url?: string
  /** The written question that it answers. */
  question?: string
}

/** A passage that may answer a question. */
export interface FoundPassage {
  id: string
  source: PassageSource
  /** The written answer, or those sentences of the passage that answer. */
  answer: string
  /** More of the document around the answer; absent where there is none. */
  more?: string
  language?: string
  /** Confidence 0..1: of the likeness in meaning, a cosine, and of the share 0..1 of the question's weight in words that it has. */
  score: number
  similarity: number
  words: number
}

/** What a knowledge holds about one question, best first. */
export interface FoundPassages {
  passages: FoundPassage[]
  /** Milliseconds inside the model. */
  ms: number
}

/** A question, in a language (BCP 47) whose passages are preferred. */
export interface KnowledgeQuestion {
  text: string
  language: string
}

/** The door to knowledge. */
export interface Retriever {
  retrieve(knowledge: KnowledgeRef, question: KnowledgeQuestion): Promise<FoundPassages>
}

/** The door to language models: ensembles and translation fit behind it one day. */
export interface Classifier {
  /** Throws `second-text-missing` where the model reads two texts and is asked about one. */
  classify(model: ClassifierRef, texts: readonly ModelText[]): Promise<Classification[]>
}
