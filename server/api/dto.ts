import type {
  Classification,
  CurvePoint,
  DatasetRow,
  DatedRunNote,
  Facts,
  Failure,
  FoundAnswers,
  LabelFact,
  Part,
  Progress,
  TrialRow,
} from '#kit'
import type { ErrorParams } from '#kit/errors/errors.ts'
import type { Look } from '#kit/look.ts'
import type { AnswersReport } from '#nodes/pipeline/evaluate/answers-report.ts'
import type { LengthSlice } from '#nodes/pipeline/evaluate/length-slices.ts'
import type { RetrievalReport } from '#nodes/pipeline/evaluate/retrieval-report.ts'
import type { TurnCause } from '#runtime/conversation/session.ts'
import type { TurnTrace } from '#runtime/conversation/trace.ts'
import type { FindingKind, FixWay, Mark, RowFix } from '#runtime/doctor/finding.ts'
import type { Clash, GraphDiff } from '#runtime/graph/diff.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { ContentRef, Fingerprint, StaleReason } from '#runtime/graph/staleness.ts'
import type { Int8Trial, MethodChoice, ShorterTrial } from '#runtime/language/card.ts'
import type { TextEncoding } from '#runtime/language/decode-text.ts'
import type { ServedModel, WriteOptions } from '#runtime/worker/protocol.ts'
import type { WordWeight } from '#server/conversations/word-weights.ts'
import type { BrokenRow, Contents, RecordFormat, RecordsPart } from '#server/data/records.ts'
import type { RevisionKind } from '#server/db/schema/sets.ts'
import type { ApiScope } from '#server/keys/scopes.ts'
import type { SourceTable } from '#server/sources/open-source.ts'
import type { ConnectionKind, DatabaseKind } from '#server/sources/source-shapes.ts'
import type { WebhookEventType } from '#server/webhooks/event-types.ts'

/** Shapes that cross the studio's API. Times are ISO 8601 in UTC; shares are fractions 0..1. */

export interface Me {
  user: { id: string; name: string; email: string }
  workspace: { id: string; name: string; role: 'owner' }
  /** Sent back in `x-botloom-csrf` with every request that changes something. */
  csrf: string
}

/** A file that somebody uploaded. */
export interface UploadView {
  file: string
  name: string
  bytes: number
}

/** The models that are loaded, and how fast they answered of late; empty while the serving process starts. */
export interface ServingView {
  models: ServedModel[]
}

export interface BotSummary {
  id: string
  slug: string
  name: string
  template: string | null
  createdAt: string
  updatedAt: string
  published: { version: number; at: string } | null
  conversations: number
  accuracy: number | null
}

/** Bot settings outside of the graph. */
export interface BotDetail extends BotSummary {
  origins: string[]
  allowServerCallers: boolean
  /** How its chat looks; what is left out is as by default. */
  look: Partial<Look>
  /** Whether there is a secret that sites sign their visitors with. */
  hasIdentitySecret: boolean
  /** Only visitors whom a site vouches for may talk to it. */
  verifiedOnly: boolean
}

/** What the last run left on a pipeline block, and whether it still holds. */
export interface NodeState {
  node: string
  status: 'idle' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  /** Why it must run again, nearest first; null when its last result still holds. */
  stale: StaleReason[] | null
  /** What the last result depended on. */
  last: Fingerprint | null
  /** Hashes of all that it could depend on without running again. */
  known: string[]
  /** Fields of its config that lead to content, to that content's hash. */
  contents: Record<string, { ref: ContentRef; value: string; hash: string }>
  /** The block's one figure, for example `{ key: 'accuracy', value: 0.931 }` or `{ key: 'rows', value: 1640 }`. */
  figure: { key: string; value: number } | null
  outputs: Record<string, unknown> | null
  seconds: number | null
  failure: Failure | null
  run: string | null
}

export interface DraftView {
  document: GraphDocument
  revision: number
  draftHash: string
  contentHash: string
  facts: Facts
  problems: Problem[]
  states: NodeState[]
  savedAt: string
}

/** Diffs on their way to the server. `base` is the revision that they were made on. */
export interface PushDiffs {
  base: number
  diffs: GraphDiff[]
  /** Must be true when more than half of the blocks go at once. */
  allowLargeRemoval?: boolean
  /** Nothing is done where the draft has another `draftHash` by now. */
  ifHash?: string
}
export interface PushAnswer {
  revision: number
  draftHash: string
  contentHash: string
  savedAt: string
  clashes: Clash[]
  /** Diffs of others since `base`, in order, to rebase on. */
  others: GraphDiff[]
  facts: Facts
  problems: Problem[]
  states: NodeState[]
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled'
export interface RunView {
  id: string
  bot: string
  revision: number
  status: RunStatus
  startedAt: string
  endedAt: string | null
  nodes: {
    node: string
    type: string
    name: string | null
    status: NodeState['status'] | 'reused'
    seconds: number | null
    failure: Failure | null
    progress: Progress | null
    /** How it learned. Of a block that has ended it comes with the run alone, not with the list of runs. */
    curve: CurvePoint[]
    /** The run that made the result which this one used again. */
    kept: { run: string; startedAt: string } | null
    notes: DatedRunNote[]
    /** Somebody asked it to end with what it has. */
    finishing: boolean
    figure: NodeState['figure']
  }[]
  failure: (Failure & { node: string | null }) | null
  device: string | null
  /** What it left that can be downloaded. */
  files: { report: boolean; model: boolean }
}

/** Two or more runs of a bot side by side, in the order asked for. */
export interface ComparisonView {
  runs: ComparedRun[]
  /** Each further run beside the first one. */
  beside: PairedOutcome[]
}
export interface ComparedRun {
  id: string
  startedAt: string
  /** Seconds from its beginning to its end; null while it goes on. */
  seconds: number | null
  device: string | null
  /** Null where it measured nothing. */
  report: AnyReportView | null
  /** How its training went; empty where nothing was trained in it. */
  curve: CurvePoint[]
  /** Its Learn blocks in the order of the data, as they were. */
  blocks: { node: string; type: string; name: string | null; config: Record<string, unknown> }[]
  /** Rows that blocks without an input gave. */
  data: { node: string; rows: number }[]
}
/** Of the test rows that two runs share: which of them had them right, and whether they differ by more than chance. */
export interface PairedOutcome {
  rows: number
  both: number
  onlyFirst: number
  onlySecond: number
  neither: number
  /** McNemar's exact test, two-sided; null where they share no rows or rows have no right answer. */
  p: number | null
  /** Rows of the records between the two, by data block; only where both read the same set. */
  records: { node: string; added: number; removed: number; changed: number }[]
}

/** One typed stream: `GET /api/bots/:id/events` (SSE; `id` is the sequence number, resumed by `Last-Event-ID`). */
export type StudioEvent =
  | { type: 'draft.changed'; revision: number; diffs: GraphDiff[]; by: string }
  | { type: 'draft.facts'; facts: Facts; problems: Problem[]; states: NodeState[] }
  | { type: 'run.started'; run: string; nodes: string[] }
  | { type: 'node.started'; run: string; node: string }
  | { type: 'node.progressed'; run: string; node: string; progress: Progress }
  | { type: 'node.noted'; run: string; node: string; note: DatedRunNote }
  | { type: 'node.finishing'; run: string; node: string }
  | { type: 'node.settled'; run: string; node: string; seconds: number; reused: boolean; figure: NodeState['figure'] }
  | { type: 'node.failed'; run: string; node: string; failure: Failure }
  | { type: 'run.ended'; run: string; status: RunStatus; failure: Failure | null }
  | { type: 'version.published'; version: number }
  /** Passing: never stored, never replayed. `joined` asks those who are there to say so. */
  | { type: 'presence.seen'; who: Presence; joined: boolean }
  | { type: 'presence.left'; tab: string }

/** A tab in which somebody has the bot open, and the block that is picked there. */
export interface Presence {
  tab: string
  user: string
  name: string
  block: string | null
}

export interface SetSummary {
  id: string
  name: string
  rows: number
  revision: string
  updatedAt: string
  labels: LabelFact[]
  outOfScopeRows: number
  /** Rows of which nobody has said yet what they are about. */
  unlabelledRows: number
  languages: { language: string; rows: number }[]
}
export interface RowView extends DatasetRow {
  labelName: string | null
}
/** What one looks at of a set. */
export interface RowFilter {
  label?: string
  search?: string
  outOfScope?: boolean
  unlabelled?: boolean
  /** A BCP 47 tag, or `-` for rows of none. */
  language?: string
  source?: string
  marked?: boolean
  sort?: RowSort
  descending?: boolean
}
/** `added`: in the order in which rows came; `changed`: by the revision that wrote them last. */
export type RowSort = 'added' | 'changed' | 'text' | 'label' | 'language'
/** A line of the table. */
export interface TableRow extends RowView {
  marked: boolean
}
export interface RowsPage {
  total: number
  rows: TableRow[]
}
/** Where rows of a set came from. */
export interface RowSource {
  source: string
  rows: number
}

/**
 * Answer to a change of several rows: how many it changed, the content (a revision's hash) that leads back, and the revision that it made;
 * null where it made none.
 */
export interface RowsChange {
  before: string
  changed: number
  revision: number | null
}

/** Who made a revision, when, and how. */
export interface RevisionDeed {
  revision: number
  at: string
  /** Null where the product did it, or nobody was asked at that time. */
  by: string | null
  did: RevisionKind | null
}
/** A state of a set. */
export interface RevisionView extends RevisionDeed {
  hash: string
  rows: number
  added: number
  removed: number
  changed: number
}
/** A row as it became at a revision; null where it was taken out. */
export interface RowMoment extends RevisionDeed {
  row: RowView | null
}
/** What came between two states of a set: counts, and a page of the rows. */
export interface StatesDifference {
  added: number
  removed: number
  changed: number
  rows: { id: string; before: RowView | null; after: RowView | null }[]
}

export interface LabelView extends LabelFact {
  guide: { belongs: string; not: string; examples: RowView[] } | null
}
/** A change of a label that can be taken back. */
export interface LabelStepView {
  id: string
  did: 'rename' | 'merge' | 'split'
  from: string
  to: string
  rows: number
  /** Blocks of the draft and kept tests that it changed. */
  blocks: number
  tests: number
  at: string
  by: string | null
}
export interface LabelsView {
  labels: LabelView[]
  /** The newest first; those that were taken back are left out. */
  steps: LabelStepView[]
}

/** Topics that are probable for a row, the likeliest first. */
export interface RowSuggestions {
  row: string
  labels: { label: string; probability: number }[]
  /** 0..1: how unlike all that the model knows; null where words alone were counted. */
  outOfScope: number | null
}
export interface SuggestionsAnswer {
  /** What was asked: the newest model of the draft, or, without one, the words of the labelled rows; null where there is nothing to go by. */
  by: 'model' | 'words' | null
  rows: RowSuggestions[]
}
export type QueueKind = 'unlabelled' | 'doubtful' | 'marked'
export interface LabelQueue {
  /** Rows that wait, all in all. */
  total: number
  rows: RowView[]
  /** The set was never checked, so that nobody knows which rows are doubtful. */
  unchecked: boolean
}
export interface SimilarRows {
  rows: { row: RowView; similarity: number }[]
}

/** What the doctor says of a set as it is now. */
export interface CheckView {
  /** The content that is meant, for every question about a finding. */
  hash: string
  state: 'none' | 'running' | 'done' | 'failed'
  /** How far a running check is, 0..1, and seconds to its end where that can be told. */
  share: number
  secondsLeft: number | null
  check: {
    rows: number
    seconds: number
    checkedAt: string
    /** The most harmful first. */
    findings: { kind: FindingKind; rows: number; ways: readonly FixWay[] }[]
  } | null
}
/** A row of a finding. */
export interface CaseView {
  id: string
  /** Null where it is gone, or another than it was when it was checked. */
  row: RowView | null
  /** What is suggested; null where a person must say. */
  fix: RowFix | null
  /** Of the label that is suggested. */
  labelName: string | null
  /** Text of the row that stays where this one is its copy. */
  keeper: string | null
  marks: readonly Mark[]
  group: number | null
}
export interface CasesPage {
  total: number
  cases: CaseView[]
}
/** Answer to a fix: the rows that it changed, with the content that leads back. */
export interface FixAnswer extends RowsChange {
  rows: string[]
}

/** What live visitors said and the bot did not understand, and nobody has seen to yet. */
export interface UnansweredView {
  /** `running`: groups are being found; what is shown meanwhile are those of before. */
  state: 'running' | 'done' | 'failed'
  share: number
  /** Different messages of the period and language, at most `most`, the latest. */
  total: number
  most: number
  /** Languages of the period. */
  languages: string[]
  /** The largest first; `group` is its number in `messages`. */
  groups: { group: number; words: string[]; messages: string[] }[]
  messages: UnansweredMessage[]
}
export interface UnansweredMessage {
  id: string
  /** Personal parts are masked. */
  text: string
  language: string
  at: string
  times: number
  /** The chat in which it was said last. */
  chat: string
  /** -1: left over. */
  group: number
  /** It is near the group rather than in it. */
  probable: boolean
  /** Place on the map, 0..1. */
  x: number
  y: number
}
/** Messages that became rows; `messages` takes it back. */
export interface UnansweredAdded {
  messages: string[]
  set: string
  label: string
  added: number
  duplicates: number
}
/** Messages that became rows, before and after. */
export interface AnsweredView {
  /** The draft's model has not learned what there is to learn. */
  stale: boolean
  messages: {
    id: string
    text: string
    at: string
    chat: string
    /** What it was put under; null where that is gone. */
    topic: string | null
    /** How the version of then took it, and what it said. */
    before: { version: number | null; guess: { name: string; probability: number } | null; said: string }
    /** What the draft's newest model says; null where it does not know the topic. */
    after: { name: string; probability: number; understood: boolean; right: boolean } | null
  }[]
}

/** What was understood of records, wherever they are from, before anything is imported. */
export interface RecordsView {
  name: string
  format: RecordFormat
  /** Null for what says itself how its text is written. */
  encoding: TextEncoding | null
  /** Whether the first line was taken for the names of the columns; null for what is no table. */
  heading: boolean | null
  /** Sheets of a workbook or splits of a data set, of which one may be chosen; empty where there is one table. */
  parts: RecordsPart[]
  /** The part that was read; null for all of them. */
  part: string | null
  /** What came out of it beside plain rows, and what a set cannot keep. */
  contents: Contents
  /** Columns that say the same in every row. */
  constant: string[]
  columns: string[]
  rows: number
  sample: Record<string, string>[]
  guess: { text: string | null; pair: string | null; label: string | null; language: string | null }
  brokenRows: number
  /** Rows set apart with their reason, the first of them; they are kept, not dropped silently. */
  broken: BrokenRow[]
}
/** Answer to an upload or a paste. */
export interface RecordsPreview extends RecordsView {
  file: string
  bytes: number
}
/** What each column is. */
export interface ColumnChoice {
  textColumn: string
  /** The second text of a row, where records have two; such a row needs no label. */
  pairColumn?: string | null
  labelColumn: string | null
  /** Every row gets this label when there is no label column; a new name makes a new label. */
  label: string | null
  outOfScope?: boolean
}
export interface ImportRequest extends ColumnChoice {
  file: string
  /** How the file was read in the preview, where a person corrected the guess. */
  encoding?: TextEncoding
  heading?: boolean
  part?: string
}
export interface ImportAnswer {
  set: SetSummary
  added: number
  duplicates: number
  broken: number
  newLabels: LabelFact[]
}

/** A connection as it may be seen: without its secrets. */
export type ConnectionView = { id: string; name: string; updatedAt: string } & (
  | {
      kind: DatabaseKind
      host: string
      port: number
      database: string
      user: string
      tls: 'verify' | 'encrypt' | 'off'
    }
  | { kind: 'http'; url: string; headers: { name: string; value: string; secret: boolean }[] }
)
/** Answer to a connection that was made: what can be read of it. */
export interface ConnectionTables {
  connection: ConnectionView
  /** Empty for a web service. */
  tables: SourceTable[]
}
/** The first rows of a query; `rows` counts them, and there may be more. */
export interface SourcePreview extends RecordsView {
  /** Columns that can tell what is new, the likeliest first. */
  growing: string[]
  /** Whether the first of them is one by its name too, and is taken unless somebody says otherwise. */
  likely: boolean
  more: boolean
  /** Of a web service: where the rows were found in the answer, and all places with a list. */
  rowsAt: string | null
  lists: string[]
}
/** A kept source of a set, with the import that runs or ran last. */
export interface SourceView {
  id: string
  name: string
  connection: { id: string; name: string; kind: ConnectionKind }
  cursorColumn: string | null
  /** What the cursor column said in the last row. */
  reached: string | null
  state: 'running' | 'done' | 'stopped' | 'failed'
  startedAt: string
  read: number
  added: number
  duplicates: number
  brokenRows: number
  broken: BrokenRow[]
  fault: { code: string; params: ErrorParams; message: string; remedy: string } | null
}

/** The report artifact's `report.json`, written by the evaluate block. */
export interface ReportView {
  run: string | null
  node: string
  createdAt: string
  rows: number
  accuracy: number
  macroF1: number
  /** Null where each row has one label. */
  microF1: number | null
  ece: number
  auroc: number | null
  threshold: number
  labels: { id: string; name: string; precision: number; recall: number; f1: number; support: number }[]
  /** Only cells above zero; `truth` and `predicted` are label ids. */
  confusion: { truth: string; predicted: string; count: number }[]
  languages: { language: string; rows: number; accuracy: number }[]
  /** By length of the text, shortest first; empty in older reports. */
  lengths: LengthSlice[]
  /** Accuracy and share of answered rows by calibrated confidence, 15 equal-width bins. */
  reliability: { from: number; to: number; rows: number; confidence: number; accuracy: number }[]
  /** By threshold in steps of 0.02: shares of test rows answered right, answered wrongly, handed on. */
  thresholds: { threshold: number; right: number; wrong: number; handedOn: number }[]
  model: {
    encoder: string
    method: string
    device: string
    trainSeconds: number
    trainRows: number
    /** The model with 8-bit weights, tried on validation rows; null where it was not. */
    int8: Int8Trial | null
    /** The model with fewer layers beside the one that taught it, judged on the same rows; null where all were kept. */
    shorter: ShorterTrial | null
    /** How it tells foreign questions, and what that was chosen by; null in older reports. */
    scope: { score: string; by: string } | null
    /** Why the method was chosen, where the person left it open; times are in minutes. */
    chosen: MethodChoice | null
    /** What was tried until this model was chosen; empty where nobody searched. */
    trials: TrialRow[]
    /** It reads two texts at once. */
    pairs: boolean
  }
}
/** The report on a model that writes answers. */
export interface AnswersReportView extends AnswersReport {
  run: string | null
  node: string
  createdAt: string
}
/** The report on a model that finds answers. */
export interface RetrievalReportView extends RetrievalReport {
  run: string | null
  node: string
  createdAt: string
}
export type AnyReportView = ReportView | AnswersReportView | RetrievalReportView
/** What the model of a report says of a text: what it is about, or the nearest answers. */
export type ModelAnswer =
  | { gives: 'labels'; classification: Classification; threshold: number }
  | { gives: 'found'; found: FoundAnswers }
/** A question to the model of a report on written answers; greedy where the temperature is 0. */
export interface AskRequest extends Omit<WriteOptions, 'seed'> {
  question: string
  /** The same seed draws the same answer; left out, another one each time. */
  seed?: number
}
/** One event of the answer's stream: how it grows, its end, or why there is none. */
export type AnswerEvent =
  | { type: 'grew'; text: string }
  | { type: 'written'; text: string; tokens: number; ended: boolean }
  | { type: 'failed'; failure: Failure }

export interface ReportRow {
  id: string
  text: string
  /** The second text of the row, where rows have two. */
  pair: string | null
  truth: string
  truthName: string
  predicted: string
  predictedName: string
  probability: number
  /** The likeliest labels, likeliest first, the given one among them; in older reports that one alone. */
  guesses: { label: string; name: string; probability: number }[]
  language: string | null
  /** The set that the row was read from, and what it is there now: null where it was taken out. Null for a row of a file. */
  home: { set: string; now: RowView | null } | null
}
export interface ReportRowsPage {
  total: number
  rows: ReportRow[]
}
/** Rows that the report tells of and that are others in their set by now. */
export interface ReportEdits {
  rows: string[]
}
/** What has changed since the report of an earlier run. */
export interface ReportChange {
  run: string
  createdAt: string
  accuracy: number
  /** Of the questions that both tests have, with the same text and the same right label: what became of them. */
  shared: { rows: number; better: number; worse: number }
  /** Chance 0..1 that two models that are equally good differ as much on those questions (McNemar's exact test, both sides). */
  chance: number
  labels: {
    better: LabelChange[]
    worse: LabelChange[]
    added: { id: string; name: string }[]
    gone: { id: string; name: string }[]
  }
}
/** How many of a label's shared questions were understood before and are now. */
export interface LabelChange {
  id: string
  name: string
  rows: number
  before: number
  now: number
}

export interface VersionView {
  version: number
  createdAt: string
  /** The live one. */
  current: boolean
  onTest: boolean
  /** In the experiment that runs; `share` of the new conversations. */
  arm: { name: 'a' | 'b'; share: number } | null
  contentHash: string
  note: string
  accuracy: number | null
  labels: number
  openConversations: number
}
/** A version as it was published, lifted to the present format, with the facts frozen in it. */
export interface VersionDocument {
  version: number
  document: GraphDocument
  facts: Facts
}
export type Environment = 'live' | 'test'
/** Where a bot's versions are, and how the test one is reached. */
export interface EnvironmentsView {
  live: number | null
  test: number | null
  /** Where Publish went last. */
  publishTo: Environment
  /** Path and query of the page on which the test version is talked with; whoever has it may. */
  testPage: string
}
/** What came of the conversations of one arm in which the visitor said something. */
export interface ArmFigures {
  conversations: number
  /** Not handed over. */
  contained: number
  handedOver: number
}
/** Two versions that share, or shared, a bot's live visitors. */
export interface ExperimentView {
  id: string
  a: { version: number; share: number; figures: ArmFigures }
  b: { version: number; share: number; figures: ArmFigures }
  startedAt: string
  startedBy: string
  /** Null while it runs. */
  ended: { at: string; by: string; kept: number } | null
  verdict: 'too-early' | 'open' | 'a-better' | 'b-better'
  /** Probability 0..1 that B sees more conversations through than A. */
  probability: number
  /** Conversations that each arm needs before anything is said. */
  leastPerArm: number
}
export interface ExperimentRequest {
  /** The one that is compared with the live version. */
  version: number
  /** Percent of new conversations that get it, 1 to 99. */
  share: number
}
export interface StopExperimentRequest {
  keep: 'a' | 'b'
  /** Default: `stay`. */
  open?: OpenChoice
}
/** Where a version goes. */
export interface MoveRequest {
  /** Default: `live`. */
  environment?: Environment
  /** Of live conversations; those of the test environment always move. Default: `stay`. */
  open?: OpenChoice
  /** The experiment that runs ends with it; without this it is refused. */
  endExperiment?: boolean
}
/** What putting a version into an environment would do now. */
export interface VersionImpact {
  changedBlocks: { added: string[]; removed: string[]; updated: string[] }
  /** `lands`: the block where they would go on if they were moved; null: from the start. */
  open: { version: number; block: string; blockName: string; conversations: number; lands: string | null }[]
}
/** What publishing would do now. Everybody stays on the version that they talk with. */
export interface PublishPreview extends VersionImpact {
  /** Errors, which stop it, and two warnings: blocks that nobody reaches and texts that miss a language. */
  problems: Problem[]
  /** Why newer models were not let through (`gate-not-passed` and its like). */
  refused: Failure[]
  stale: string[]
  hasModel: boolean
  accuracy: number | null
}
/**
 * What becomes of conversations that are open on other versions: they keep theirs, they finish what is under way and then get the new
 * one, or they go on in the new one with the next message.
 */
export type OpenChoice = 'stay' | 'finish' | 'move'
/** Where the draft answers a visitor's words otherwise than they were answered; the first such place of a chat. */
export interface ReplayedChat {
  chat: string
  at: string
  /** Null: at the greeting. */
  user: string | null
  before: string[]
  after: string[]
}
export interface ReplayPage {
  checked: number
  differing: ReplayedChat[]
  /** Give it back as `before` for older chats; null where there are none. */
  next: string | null
}
export interface PublishRequest extends MoveRequest {
  note: string
  /** With a stale Learn half: go live with the model of the last run. */
  keepOldModel?: boolean
}

export interface TemplateView {
  id: string
  version: string
  industry: string
  name: Record<string, string>
  description: Record<string, string>
  blocks: number
  labels: number
  rows: number
  parameters: {
    id: string
    type: string
    title: Record<string, string>
    default: unknown
    options?: { value: string; title: Record<string, string> }[]
  }[]
}
export interface NewBotRequest {
  name: string
  template: string | null
  parameters?: Record<string, unknown>
}

/** A message as `/v1` and the simulator see it. `seq` counts from 1 in a conversation. */
export interface Message {
  id: string
  seq: number
  role: 'user' | 'bot' | 'agent' | 'system'
  parts: Part[]
  text: string
  language: string
  at: string
  /** Name of the person who wrote it, of role `agent`. */
  author?: string
  /** Present in the simulator only; elsewhere read by `GET /api/conversations/:id/messages/:message/trace`. */
  trace?: Trace
}
/** Why the bot said this: the path that was walked and what the model thought. */
export interface Trace extends TurnTrace {
  /** The version that talked; absent where it was a draft. */
  version?: number
}
/** A question with what each of its words did for the model's verdict. */
export interface WordsView {
  text: string
  /** Name and probability of the label that it was taken for. */
  label: string
  probability: number
  words: WordWeight[]
}
export interface ConversationStart {
  conversationId: string
  token: string
  messages: Message[]
}
export interface TurnAnswer {
  messages: Message[]
  pending?: boolean
}
/** What a try talks with: a published version, or the draft as it is now with its newest model. */
export interface TryRequest {
  language?: string
  version?: number
  /** Says what the visitor of this kept test says, up to and with its turn `upTo`. */
  replay?: { test: string; upTo: number }
}
/** A try goes on, from the state before one of its visitor's messages, as a chat of its own. */
export interface RerunRequest {
  /** The visitor's message that is sent again. */
  message: string
  /** The new message's id, made by whoever asks. */
  id: string
  /** Other words than before; a click is sent again as the click that it was. */
  text?: string
  /** Values that the bot is to remember instead; null for one that it is to forget. */
  variables?: Record<string, VariableValue | null>
  /** Left out for the draft as it is now. */
  version?: number
}
export type VariableValue = string | number | boolean
export interface TryAnswer extends ConversationStart {
  modelStale: boolean
  hasModel: boolean
  /** Null for the draft. */
  version: number | null
}

/** A try that goes on: what was said so far, and a token that is good for another hour. */
export type HeldTryAnswer = Pick<TryAnswer, 'token' | 'messages'>

/** A reply that a test expects: its text, cut where anything may stand. */
export interface ExpectedReply {
  pieces: string[]
}
export interface ChatTestTurn {
  /** What the visitor says or clicks; null for what the bot says first. */
  user: { text: string; choice?: { block: string; value: string }; language?: string } | null
  /** What somebody made the bot remember before it heard this. */
  set?: Record<string, VariableValue | null>
  replies: ExpectedReply[]
  /** Other replies may stand between. */
  others?: boolean
  /** What came of requests and waits before the visitor's next word; where that is not known, a request gets its sample answer. */
  outside?: TurnCause[]
}
/** A conversation that is to go on well. */
export interface ChatTest {
  name: string
  /** In which it begins. */
  language: string
  /** The instant at which it is held, so that what it says of dates stays true. */
  now: string
  turns: ChatTestTurn[]
}
/** Where a test and the bot part for the first time; null stands for no reply. */
export interface TestDifference {
  turn: number
  reply: number
  expected: ExpectedReply | null
  said: string | null
}
export interface TestResult {
  passed: boolean
  at: string
  difference: TestDifference | null
  /** What the bot said, turn by turn. */
  said: string[][]
}
export interface ChatTestView extends ChatTest {
  id: string
  updatedAt: string
  result: TestResult | null
  /** The result is that of the draft as it is now. */
  fresh: boolean
}

export interface StartProgress {
  phase: 'installing' | 'building' | 'database' | 'starting' | 'training' | 'publishing' | 'ready' | 'failed'
  share: number
  detail: string
  secondsLeft: number | null
  studio: string | null
  demo: string | null
}

/** Who a conversation is with now: the bot, nobody yet (it waits for a person), a person, or it is over. */
export type ChatStatus = 'open' | 'waiting' | 'agent' | 'ended'
/** A line of the inbox. Tries are never in it. */
export interface ChatSummary {
  id: string
  bot: { id: string; name: string }
  /** Of the test environment no figure knows. */
  environment: Environment
  status: ChatStatus
  language: string
  /** `web`, `api` or the kind of a channel. */
  channel: string
  /** The caller's own id of the visitor; null where nobody gave one. */
  visitorId: string | null
  /** What the page or the caller said of the visitor: nobody vouches for it. */
  visitor: Record<string, string>
  /** What the site's server signed of the visitor; null where it signed nothing. */
  verified: Record<string, string> | null
  /** User who takes care of it. */
  assignee: Person | null
  tags: string[]
  last: { role: Message['role']; text: string; at: string } | null
  /** Words of the visitor since a person, or the bot, last answered. */
  unanswered: number
  /** Why a person was asked for last, and since when that has waited. */
  handoff: { reason: string; note: string; at: string } | null
  startedAt: string
  updatedAt: string
}
export interface Person {
  id: string
  name: string
}
export interface ChatPage {
  chats: ChatSummary[]
  /** Give it back as `after` for the next page; null where there is none. */
  next: string | null
  /** Of all chats, whatever the filter. */
  counts: Record<ChatStatus, number>
}
/** A note that the visitor never sees. */
export interface WhisperNote {
  id: string
  author: Person
  text: string
  at: string
}
export interface ChatDetail extends ChatSummary {
  messages: Message[]
  notes: WhisperNote[]
  /** Variables that the bot remembers, by name. */
  variables: Record<string, unknown>
  version: number | null
  context: PageContext
}
/** Where the visitor was when they last wrote, and what the page says of the visit; without what is nobody's business. */
export interface PageContext {
  page?: { url: string; title?: string; referrer?: string; language?: string }
  attributes?: Record<string, string>
}
export interface ChatFilter {
  status?: ChatStatus | 'all'
  bot?: string
  channel?: string
  /** The caller's own id of the visitor. */
  visitor?: string
  /** `me`, `nobody` or a user's id. */
  assignee?: string
  tag?: string
  /** Words that somebody said in it. */
  search?: string
  /** Behind a figure of `bot`'s insights: an `InsightChatsFilter` as the query of an address. */
  figure?: string
  after?: string
}
/** A prepared answer; `{{name}}` is filled with the visitor's variables when it is picked. */
export interface CannedReply {
  id: string
  title: string
  text: string
}
/** A key by which another server asks, as the studio lists it: never the key itself. */
export interface ApiKeyView {
  id: string
  name: string
  /** How the key begins. */
  prefix: string
  scopes: ApiScope[]
  /** The bots that it opens; null for all. */
  bots: string[] | null
  /** Name of the person who made it. */
  createdBy: string
  createdAt: string
  usedAt: string | null
  expiresAt: string | null
  revokedAt: string | null
}
export interface NewApiKey {
  name: string
  scopes: ApiScope[]
  bots: string[] | null
  expiresAt: string | null
}
/** Something that happened in a conversation, without its words: they are read from the conversation. */
export type ConversationEvent = { conversation: string; bot: string; environment: Environment } & (
  | { type: 'conversation.started'; channel: string }
  | { type: 'message.created'; message: Pick<Message, 'id' | 'seq' | 'role'> }
  | { type: 'conversation.status'; status: ChatStatus }
)

/** What the inbox is told while it is open: look again at this chat, or at the list. */
export type InboxEvent = { type: 'inbox.changed'; chat: string }

/** A secret of a bot, without its words. */
export interface BotSecretView {
  name: string
  /** The only host that it is sent to. */
  host: string
  updatedAt: string
}

/** A block's request as it was made for who is drawing it. */
export interface CallTry {
  method: string
  url: string
  status: number
  ms: number
  /** The first of the answer; `cut`: it goes on. */
  text: string
  cut: boolean
}

/**
 * What conversations came to, of some days, a version, a language or a channel; tries never count. How each is counted is said in
 * docs/guide/insights.md.
 */
export interface InsightFigures {
  /** In which the visitor said something. */
  conversations: number
  /** That ended or fell silent (30 minutes) without a person, who was neither asked for nor took over. */
  contained: number
  /** In which a person was asked for or took over. */
  handedOver: number
  /** Messages of visitors. */
  messages: number
  /** Turns in which a model was asked what words are about, and those of them in which nothing came of it. */
  verdicts: number
  noMatch: number
  /** Calls of outside addresses. */
  apiCalls: number
  /** What visitors gave, 1 to 5: how many, and all together. */
  ratings: { count: number; sum: number }
  /** Milliseconds from a visitor's words to the bot's answer; null where it answered nothing. */
  responseMs: { p50: number; p95: number } | null
}
export type InsightKey = 'day' | 'version' | 'language' | 'channel'
/** Days are `2026-11-28`, both included, in the bot's time zone; left out: the 28 days up to today. */
export interface InsightFilter {
  from?: string
  to?: string
  version?: number
  language?: string
  channel?: string
}
/** A conversation that went on in another day, version or language counts in each of those rows, and once in the total. */
export interface InsightView {
  from: string
  to: string
  /** By key, in its order; of days those on which nothing happened, too. */
  rows: { key: string; figures: InsightFigures }[]
  total: InsightFigures
  /** Whether anybody ever talked with the bot, whatever the filter. */
  any: boolean
}
/** What went over the wires of a version, and who stopped where. */
export interface InsightGraph {
  version: number
  conversations: number
  /** By edge. `passes` is how often, `conversations` how many came that way; `stopped`: the bot waited behind it and nobody came back. */
  wires: Record<string, { passes: number; conversations: number; stopped: number }>
  /** By block; `stopped` has those, too, who were led there by no wire. */
  blocks: Record<string, { entries: number; conversations: number; stopped: number }>
}
/** Conversations behind a figure; of `stopped`, `passed` and `reached` those at a block or wire. */
export interface InsightChatsFilter extends InsightFilter {
  figure: InsightFigure
  block?: string
  edge?: string
}
export type InsightFigure =
  | 'conversations'
  | 'contained'
  | 'handedOver'
  | 'noMatch'
  | 'rated'
  | 'stopped'
  | 'passed'
  | 'reached'
/** Their ids, the latest begun first, at most 1,000 of them. */
export interface InsightChats {
  total: number
  ids: string[]
}

/** An address that is told what happens. */
export interface WebhookEndpoint {
  id: string
  url: string
  /** Null: of every bot. */
  bot: string | null
  events: WebhookEventType[]
  active: boolean
  /** Why the server switched it off; null where it is on, or a person did. */
  offReason: 'gone' | 'failing' | null
  /** Since when nothing got through. */
  failingSince: string | null
  /** Until when the secret before signs, too. */
  oldSecretUntil: string | null
  waiting: number
  failed: number
  createdAt: string
}
export interface WebhookDelivery {
  id: string
  /** `webhook-id`, the same however often it is sent. */
  event: string
  type: string
  conversation: string | null
  status: 'waiting' | 'done' | 'failed'
  /** When it is tried next; null where it is not. */
  nextAt: string | null
  tries: { at: string; status: number | null; ms: number; answer: string; error: string | null }[]
  body: string
  at: string
}
export interface WebhookDeliveryPage {
  deliveries: WebhookDelivery[]
  next: number | null
}

export type ChannelKind = 'webhook' | 'wecom'
/** A way into a bot beside the widget. Its credentials never come back. */
export interface ChannelConnection {
  id: string
  kind: ChannelKind
  bot: string
  name: string
  /** The address that the other side is given. */
  address: string
  settings: Record<string, string>
  active: boolean
  lastHeardAt: string | null
  /** What went wrong last, in the words of whoever asks; null where all goes well. */
  problem: { message: string; remedy: string; at: string } | null
  createdAt: string
}
