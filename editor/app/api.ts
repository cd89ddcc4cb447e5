import { type ErrorParams, errorText, isErrorCode } from '#kit/errors/errors.ts'
import type { EntitySpan } from '#kit/ports.ts'
import type { FixWay } from '#runtime/doctor/finding.ts'
import type {
  AnswerEvent,
  AnsweredView,
  AnyReportView,
  ApiKeyView,
  AskRequest,
  BotDetail,
  BotSecretView,
  BotSummary,
  CallTry,
  CannedReply,
  CasesPage,
  ChatDetail,
  ChatFilter,
  ChatPage,
  ChatTest,
  ChatTestView,
  CheckView,
  ComparisonView,
  DraftView,
  Environment,
  EnvironmentsView,
  ExperimentRequest,
  ExperimentView,
  FixAnswer,
  HeldTryAnswer,
  ImportAnswer,
  ImportRequest,
  InsightFilter,
  InsightGraph,
  InsightKey,
  InsightView,
  Me,
  Message,
  ModelAnswer,
  MoveRequest,
  NewApiKey,
  NewBotRequest,
  Person,
  PublishPreview,
  PublishRequest,
  PushAnswer,
  PushDiffs,
  RecordsPreview,
  ReplayPage,
  ReportChange,
  ReportEdits,
  ReportRowsPage,
  RerunRequest,
  RowFilter,
  RowSource,
  RowsChange,
  RowsPage,
  RowView,
  RunView,
  SetSummary,
  StopExperimentRequest,
  TemplateView,
  Trace,
  TryAnswer,
  TryRequest,
  TurnAnswer,
  UnansweredAdded,
  UnansweredView,
  UploadView,
  VersionDocument,
  VersionImpact,
  VersionView,
  WhisperNote,
  WordsView,
} from '#server/api/dto.ts'
import { parseEvents } from './event-stream.ts'
import { studioLanguage } from './i18n.ts'

/** What the server says when something fails (RFC 9457); `code` is an entry of the error catalogue. */
interface ProblemJson {
  status: number
  code: string
  message: string
  remedy: string
  params?: ErrorParams
}

/** A refused or failed request. `status` 0 means that the server was not reached. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string
  readonly params: ErrorParams | undefined

  constructor(problem: ProblemJson) {
    super(problem.message)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.remedy = problem.remedy
    this.params = problem.params
  }
}

/** Message and remedy in the studio's present language, from the catalogue where the code is known. */
export function errorWords(error: { code: string; params?: ErrorParams; message: string; remedy: string }) {
  if (isErrorCode(error.code) && error.params) return errorText(error.code, error.params, studioLanguage())
  return { message: error.message, remedy: error.remedy }
}

type Query = Record<string, string | number | boolean | null | undefined>

let csrf = ''

/** An address with its values encoded. */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((whole, part, index) => whole + encodeURIComponent(values[index - 1] ?? '') + part)
}

interface SendOptions {
  query?: Query
  json?: unknown
  form?: FormData
  token?: string
  signal?: AbortSignal
}

/** One request of the studio and its parsed answer. For pages whose calls come with them, apart from `api`. Throws `ApiError`. */
export async function send(method: string, url: string, options: SendOptions = {}) {
  const response = await request(method, url, options)
  return response.status === 204 ? undefined : response.json()
}

/** The answer of a request that went well; else an `ApiError`, or the reason of an abort. */
async function request(method: string, url: string, options: SendOptions): Promise<Response> {
  const headers = new Headers({ accept: 'application/json', 'accept-language': studioLanguage() })
  if (method !== 'GET') headers.set('x-botloom-csrf', csrf)
  if (options.json !== undefined) headers.set('content-type', 'application/json')
  if (options.token) headers.set('authorization', `Bearer ${options.token}`)
  const address = withQuery(url, options.query ?? {})
  let response: Response
  try {
    response = await fetch(address, {
      method,
      headers,
      body: options.form ?? (options.json === undefined ? undefined : JSON.stringify(options.json)),
      signal: options.signal,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError({ status: 0, code: 'unreachable', message: '', remedy: '' })
  }
  if (!response.ok) throw new ApiError(await readProblem(response))
  return response
}

function withQuery(url: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value))
  return search.size > 0 ? `${url}?${search}` : url
}

async function readProblem(response: Response): Promise<ProblemJson> {
  const body: Partial<ProblemJson> & { detail?: string; title?: string } = await response.json().catch(() => ({}))
  return {
    status: response.status,
    code: body.code ?? `http-${response.status}`,
    message: body.message ?? body.detail ?? body.title ?? response.statusText,
    remedy: body.remedy ?? '',
    params: body.params,
  }
}

export interface RowsQuery extends Omit<RowFilter, 'label'> {
  label?: string | null
  offset: number
  limit: number
}

type Written = Exclude<AnswerEvent, { type: 'failed' }>

/** The only place that knows the studio API's addresses. */
export const api = {
  async me(): Promise<Me> {
    const me: Me = await send('GET', '/api/me')
    csrf = me.csrf
    return me
  },
  /** Changes one's own name. */
  rename: (name: string): Promise<Me> => send('PATCH', '/api/me', { json: { name } }),
  signOut: (): Promise<void> => send('POST', '/api/sign-out'),

  bots: (): Promise<BotSummary[]> => send('GET', '/api/bots'),
  createBot: (request: NewBotRequest): Promise<BotSummary> => send('POST', '/api/bots', { json: request }),
  bot: (bot: string): Promise<BotDetail> => send('GET', path`/api/bots/${bot}`),
  secrets: (bot: string): Promise<BotSecretView[]> => send('GET', path`/api/bots/${bot}/secrets`),
  putSecret: (bot: string, name: string, json: { host: string; value: string }): Promise<void> =>
    send('PUT', path`/api/bots/${bot}/secrets/${name}`, { json }),
  removeSecret: (bot: string, name: string): Promise<void> => send('DELETE', path`/api/bots/${bot}/secrets/${name}`),
  tryCall: (
    bot: string,
    json: {
      type: string
      config: Readonly<Record<string, unknown>>
      variables: Record<string, string>
      parameters: Record<string, string>
    },
  ): Promise<CallTry> => send('POST', path`/api/bots/${bot}/calls`, { json }),
  changeBot: (
    bot: string,
    change: Partial<Pick<BotDetail, 'name' | 'origins' | 'allowServerCallers' | 'look' | 'verifiedOnly'>>,
  ): Promise<BotDetail> => send('PATCH', path`/api/bots/${bot}`, { json: change }),
  /** A new secret for signing visitors, told this once. */
  makeIdentitySecret: (bot: string): Promise<{ secret: string; bot: BotDetail }> =>
    send('POST', path`/api/bots/${bot}/identity-secret`, { json: {} }),
  removeIdentitySecret: (bot: string): Promise<BotDetail> => send('DELETE', path`/api/bots/${bot}/identity-secret`),
  /** Where a visitor's file is saved; with `?shown=1` a picture is shown. */
  sentFileAddress: (conversation: string, file: string): string =>
    path`/api/conversations/${conversation}/files/${file}`,
  /** Hands in a file of a conversation that is tried; its id goes into a message. */
  handIn(conversation: string, token: string, file: File): Promise<{ id: string; type: string }> {
    const form = new FormData()
    form.set('file', file)
    return send('POST', path`/v1/conversations/${conversation}/files`, { token, form })
  },
  /** Where a bot with its records is downloaded as one file. */
  exportAddress: (bot: string): string => path`/api/bots/${bot}/export`,
  importBot(file: File): Promise<BotSummary> {
    const form = new FormData()
    form.set('file', file)
    return send('POST', '/api/bots/import', { form })
  },
  deleteBot: (bot: string): Promise<void> => send('DELETE', path`/api/bots/${bot}`),
  templates: (): Promise<TemplateView[]> => send('GET', '/api/templates'),
  encoders: (): Promise<string[]> => send('GET', '/api/encoders'),

  draft: (bot: string): Promise<DraftView> => send('GET', path`/api/bots/${bot}/draft`),
  pushDiffs: (bot: string, push: PushDiffs): Promise<PushAnswer> =>
    send('POST', path`/api/bots/${bot}/draft/diffs`, { json: push }),
  /** Tells those who have the bot open which block is picked in this tab. */
  tellPlace: (bot: string, place: { tab: string; block: string | null }): Promise<void> =>
    send('POST', path`/api/bots/${bot}/presence`, { json: place }),

  runs: (bot: string): Promise<RunView[]> => send('GET', path`/api/bots/${bot}/runs`),
  run: (bot: string, run: string): Promise<RunView> => send('GET', path`/api/bots/${bot}/runs/${run}`),
  startRun: (bot: string): Promise<RunView> => send('POST', path`/api/bots/${bot}/runs`, { json: {} }),
  stopRun: (bot: string, run: string): Promise<RunView> =>
    send('POST', path`/api/bots/${bot}/runs/${run}/cancel`, { json: {} }),
  finishRun: (bot: string, run: string): Promise<RunView> =>
    send('POST', path`/api/bots/${bot}/runs/${run}/finish`, { json: {} }),
  report: (bot: string, run: string): Promise<AnyReportView> => send('GET', path`/api/bots/${bot}/runs/${run}/report`),
  /** What the model of a report makes of a text, or of two. */
  tryModel: (bot: string, run: string, asked: { text: string; pair?: string; count?: number }): Promise<ModelAnswer> =>
    send('POST', path`/api/bots/${bot}/runs/${run}/report/try`, { json: asked }),
  /** The answer of a report's model as it grows, whole in the last event; an abort stops it. Throws `ApiError`. */
  async *ask(bot: string, run: string, question: AskRequest, signal: AbortSignal): AsyncGenerator<Written> {
    const url = path`/api/bots/${bot}/runs/${run}/report/answers`
    const response = await request('POST', url, { json: question, signal })
    for await (const { data } of parseEvents(response.body!)) {
      const event = JSON.parse(data) as AnswerEvent
      if (event.type === 'failed') throw new ApiError({ status: 500, ...event.failure })
      yield event
    }
  },
  reportRows: (
    bot: string,
    run: string,
    query: { truth?: string; predicted?: string; order?: 'hardest'; offset?: number; limit?: number },
  ): Promise<ReportRowsPage> => send('GET', path`/api/bots/${bot}/runs/${run}/report/rows`, { query }),
  reportEdits: (bot: string, run: string): Promise<ReportEdits> =>
    send('GET', path`/api/bots/${bot}/runs/${run}/report/edits`),
  reportChange: (bot: string, run: string): Promise<ReportChange | null> =>
    send('GET', path`/api/bots/${bot}/runs/${run}/report/change`),

  /** Two to four runs side by side; the first is what the others are held against. */
  compareRuns: (bot: string, runs: readonly string[]): Promise<ComparisonView> =>
    send('GET', path`/api/bots/${bot}/comparison`, { query: { runs: runs.join(',') } }),

  sets: (bot: string): Promise<SetSummary[]> => send('GET', path`/api/bots/${bot}/sets`),
  createSet: (bot: string, name: string): Promise<SetSummary> =>
    send('POST', path`/api/bots/${bot}/sets`, { json: { name } }),
  rows: (set: string, query: RowsQuery): Promise<RowsPage> =>
    send('GET', path`/api/sets/${set}/rows`, { query: { ...query } }),
  changeRow: (
    set: string,
    row: string,
    /** `label` is a name; a new one makes a new label. */
    change: {
      text?: string
      pair?: string | null
      label?: string | null
      outOfScope?: boolean
      split?: 'train' | null
      /** Of the text as it is after the change. */
      entities?: EntitySpan[]
    },
  ): Promise<RowView> => send('PATCH', path`/api/sets/${set}/rows/${row}`, { json: change }),
  changeRows: (
    set: string,
    rows: string[],
    change: { label?: string | null; outOfScope?: boolean; split?: 'train' | null },
  ): Promise<RowsChange> => send('POST', path`/api/sets/${set}/rows/change`, { json: { rows, change } }),
  deleteRows: (set: string, rows: string[]): Promise<RowsChange> =>
    send('POST', path`/api/sets/${set}/rows/delete`, { json: { rows } }),
  /** Makes rows what they were before a change, by what the change answered. */
  restoreRows: (set: string, rows: string[], to: string): Promise<RowsChange> =>
    send('POST', path`/api/sets/${set}/rows/restore`, { json: { rows, to } }),
  check: (set: string): Promise<CheckView> => send('GET', path`/api/sets/${set}/check`),
  startCheck: (set: string): Promise<CheckView> => send('POST', path`/api/sets/${set}/check`),
  cancelCheck: (set: string): Promise<CheckView> => send('DELETE', path`/api/sets/${set}/check`),
  /** Rows of a finding in a content that was checked. */
  cases: (set: string, hash: string, kind: string, page: { offset: number; limit: number }): Promise<CasesPage> =>
    send('GET', path`/api/sets/${set}/check/${hash}/${kind}`, { query: page }),
  fixFinding: (
    set: string,
    hash: string,
    kind: string,
    how: { way: FixWay; label?: string; except: string[] },
  ): Promise<FixAnswer> => send('POST', path`/api/sets/${set}/check/${hash}/${kind}/fix`, { json: how }),
  rowSources: (set: string): Promise<RowSource[]> => send('GET', path`/api/sets/${set}/origins`),
  entityTypes: (set: string): Promise<string[]> => send('GET', path`/api/sets/${set}/entity-types`),
  uploadRecords(file: File): Promise<RecordsPreview> {
    const form = new FormData()
    form.set('file', file)
    return send('POST', '/api/files', { form })
  },
  uploadDocument(file: File): Promise<UploadView> {
    const form = new FormData()
    form.set('file', file)
    return send('POST', '/api/files/documents', { form })
  },
  upload: (file: string): Promise<UploadView> => send('GET', path`/api/files/${file}/about`),
  /** The same upload, read as a person says. */
  readRecords: (file: string, as: Pick<ImportRequest, 'encoding' | 'heading' | 'part'>): Promise<RecordsPreview> =>
    send('GET', path`/api/files/${file}`, { query: { ...as } }),
  pasteRecords: (text: string): Promise<RecordsPreview> => send('POST', '/api/files/paste', { json: { text } }),
  importRecords: (set: string, request: ImportRequest): Promise<ImportAnswer> =>
    send('POST', path`/api/sets/${set}/import`, { json: request }),

  versions: (bot: string): Promise<VersionView[]> => send('GET', path`/api/bots/${bot}/versions`),
  version: (bot: string, version: number): Promise<VersionDocument> =>
    send('GET', path`/api/bots/${bot}/versions/${String(version)}`),
  /** An empty `before` begins with the latest chat. */
  replayRecent: (bot: string, before: string, version?: number): Promise<ReplayPage> =>
    send('GET', path`/api/bots/${bot}/publish/replay`, { query: { before, version } }),
  publishPreview: (bot: string, environment: Environment): Promise<PublishPreview> =>
    send('GET', path`/api/bots/${bot}/publish`, { query: { environment } }),
  impact: (bot: string, version: number, environment: Environment): Promise<VersionImpact> =>
    send('GET', path`/api/bots/${bot}/versions/${String(version)}/impact`, { query: { environment } }),
  environments: (bot: string): Promise<EnvironmentsView> => send('GET', path`/api/bots/${bot}/environments`),
  renewTestKey: (bot: string): Promise<EnvironmentsView> => send('POST', path`/api/bots/${bot}/test-key`, { json: {} }),
  experiments: (bot: string): Promise<ExperimentView[]> => send('GET', path`/api/bots/${bot}/experiments`),
  startExperiment: (bot: string, request: ExperimentRequest): Promise<ExperimentView> =>
    send('POST', path`/api/bots/${bot}/experiments`, { json: request }),
  stopExperiment: (bot: string, experiment: string, request: StopExperimentRequest): Promise<ExperimentView> =>
    send('POST', path`/api/bots/${bot}/experiments/${experiment}/stop`, { json: request }),
  publish: (bot: string, request: PublishRequest): Promise<VersionView> =>
    send('POST', path`/api/bots/${bot}/publish`, { json: request }),
  placeVersion: (bot: string, version: number, request: MoveRequest): Promise<VersionView> =>
    send('POST', path`/api/bots/${bot}/versions/${String(version)}/current`, { json: request }),

  insights: (bot: string, by: InsightKey, filter: InsightFilter): Promise<InsightView> =>
    send('GET', path`/api/bots/${bot}/insights`, { query: { by, ...filter } }),
  insightGraph: (bot: string, version: number, filter: InsightFilter): Promise<InsightGraph> =>
    send('GET', path`/api/bots/${bot}/insights/graph`, { query: { ...filter, version } }),

  unanswered: (bot: string, filter: { days: number; language?: string; again?: boolean }): Promise<UnansweredView> =>
    send('GET', path`/api/bots/${bot}/unanswered`, { query: filter }),
  unansweredCount: (bot: string): Promise<{ count: number }> => send('GET', path`/api/bots/${bot}/unanswered/count`),
  answered: (bot: string): Promise<AnsweredView> => send('GET', path`/api/bots/${bot}/unanswered/answered`),
  teachUnanswered: (
    bot: string,
    taught: { messages: string[]; set: string; label: string },
  ): Promise<UnansweredAdded> => send('POST', path`/api/bots/${bot}/unanswered/rows`, { json: taught }),
  dismissUnanswered: (bot: string, messages: string[]): Promise<{ messages: string[] }> =>
    send('POST', path`/api/bots/${bot}/unanswered/dismiss`, { json: { messages } }),
  undoUnanswered: (bot: string, messages: string[]): Promise<{ sets: string[] }> =>
    send('POST', path`/api/bots/${bot}/unanswered/undo`, { json: { messages } }),

  startTry: (bot: string, request: TryRequest): Promise<TryAnswer> =>
    send('POST', path`/api/bots/${bot}/tries`, { json: request }),
  heldTry: (bot: string, conversation: string): Promise<HeldTryAnswer> =>
    send('GET', path`/api/bots/${bot}/tries/${conversation}`),
  rerunTry: (bot: string, conversation: string, request: RerunRequest): Promise<TryAnswer> =>
    send('POST', path`/api/bots/${bot}/tries/${conversation}/rerun`, { json: request }),
  tests: (bot: string): Promise<ChatTestView[]> => send('GET', path`/api/bots/${bot}/tests`),
  keepTest: (bot: string, kept: { name: string; conversation: string }): Promise<ChatTestView[]> =>
    send('POST', path`/api/bots/${bot}/tests`, { json: kept }),
  runTests: (bot: string, tests: string[]): Promise<ChatTestView[]> =>
    send('POST', path`/api/bots/${bot}/tests/run`, { json: { tests } }),
  /** Writes a test under its id, also one that was deleted. */
  putTest: (bot: string, test: string, { name, language, now, turns }: ChatTest): Promise<void> =>
    send('PUT', path`/api/bots/${bot}/tests/${test}`, { json: { name, language, now, turns } }),
  deleteTest: (bot: string, test: string): Promise<void> => send('DELETE', path`/api/bots/${bot}/tests/${test}`),
  trace: (conversation: string, message: string): Promise<Trace> =>
    send('GET', path`/api/conversations/${conversation}/messages/${message}/trace`),
  words: (conversation: string, message: string): Promise<WordsView> =>
    send('GET', path`/api/conversations/${conversation}/messages/${message}/words`),
  say: (
    conversation: string,
    token: string,
    turn: { id: string; text?: string; choice?: { block: string; value: string }; files?: string[]; language?: string },
  ): Promise<TurnAnswer> => send('POST', path`/v1/conversations/${conversation}/messages`, { token, json: turn }),

  chats: (filter: ChatFilter): Promise<ChatPage> => send('GET', '/api/inbox/chats', { query: { ...filter } }),
  chat: (chat: string): Promise<ChatDetail> => send('GET', path`/api/inbox/chats/${chat}`),
  takeChat: (chat: string): Promise<ChatDetail> => send('POST', path`/api/inbox/chats/${chat}/take`, { json: {} }),
  giveChatBack: (chat: string): Promise<ChatDetail> =>
    send('POST', path`/api/inbox/chats/${chat}/give-back`, { json: {} }),
  closeChat: (chat: string): Promise<ChatDetail> => send('POST', path`/api/inbox/chats/${chat}/close`, { json: {} }),
  /** Answers a visitor; the same id, made by whoever asks, is never said twice. */
  answerChat: (chat: string, answer: { id: string; text: string }): Promise<{ message: Message }> =>
    send('POST', path`/api/inbox/chats/${chat}/messages`, { json: answer }),
  addNote: (chat: string, text: string): Promise<WhisperNote> =>
    send('POST', path`/api/inbox/chats/${chat}/notes`, { json: { text } }),
  changeChat: (chat: string, change: { tags?: string[]; assignee?: string | null }): Promise<ChatDetail> =>
    send('PATCH', path`/api/inbox/chats/${chat}`, { json: change }),
  people: (): Promise<Person[]> => send('GET', '/api/inbox/people'),
  chatTags: (): Promise<string[]> => send('GET', '/api/inbox/tags'),
  cannedReplies: (): Promise<CannedReply[]> => send('GET', '/api/inbox/canned'),
  addCannedReply: (reply: Omit<CannedReply, 'id'>): Promise<CannedReply> =>
    send('POST', '/api/inbox/canned', { json: reply }),
  changeCannedReply: ({ id, title, text }: CannedReply): Promise<CannedReply> =>
    send('PUT', path`/api/inbox/canned/${id}`, { json: { title, text } }),
  apiKeys: (): Promise<ApiKeyView[]> => send('GET', '/api/keys'),
  /** `key` is told this once. */
  createApiKey: (key: NewApiKey): Promise<{ key: string; about: ApiKeyView }> =>
    send('POST', '/api/keys', { json: key }),
  revokeApiKey: (key: string): Promise<ApiKeyView> => send('POST', path`/api/keys/${key}/revoke`, { json: {} }),
  deleteCannedReply: (reply: string): Promise<void> => send('DELETE', path`/api/inbox/canned/${reply}`),
}

/** Addresses of files to save. */
export const files = {
  chats: (filter: ChatFilter) => withQuery('/api/inbox/export', { ...filter }),
  report: (bot: string, run: string) => path`/api/bots/${bot}/runs/${run}/report.json`,
  rows: (bot: string, run: string) => path`/api/bots/${bot}/runs/${run}/rows.csv`,
  model: (bot: string, run: string) => path`/api/bots/${bot}/runs/${run}/model.zip`,
}

/** Addresses of streams, read by `event-stream.ts`. */
export const streams = {
  inbox: '/api/inbox/events',
  studio: (bot: string, tab: string) => path`/api/bots/${bot}/events?tab=${tab}`,
  conversation: (conversation: string) => path`/v1/conversations/${conversation}/events`,
}
