import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** Answers stay fresh until an event of the stream or a change of ours says otherwise. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
    },
  },
})

/** Keys of everything that the studio reads; the first part alone invalidates the whole group. */
export const keys = {
  me: ['me'] as const,
  bots: ['bots'] as const,
  bot: (bot: string) => ['bots', bot] as const,
  templates: ['templates'] as const,
  encoders: ['encoders'] as const,
  secrets: (bot: string) => ['secrets', bot] as const,
  draft: (bot: string) => ['draft', bot] as const,
  runs: (bot: string) => ['runs', bot] as const,
  run: (bot: string, run: string) => ['runs', bot, run] as const,
  comparison: (bot: string, runs: string) => ['comparison', bot, runs] as const,
  report: (bot: string, run: string) => ['report', bot, run] as const,
  reportRows: (bot: string, run: string, query: object) => ['report', bot, run, 'rows', query] as const,
  reportChange: (bot: string, run: string) => ['report', bot, run, 'change'] as const,
  /** Apart from the report, which never changes: which of its rows were changed since. */
  reportEdits: (bot: string, run: string) => ['report-edits', bot, run] as const,
  /** A file never changes under its name. */
  upload: (file: string) => ['upload', file] as const,
  sets: (bot: string) => ['sets', bot] as const,
  rowSources: (set: string, revision: string) => ['rows', set, 'sources', revision] as const,
  entityTypes: (set: string) => ['rows', set, 'entity-types'] as const,
  rowHistory: (set: string, row: string) => ['rows', set, 'history', row] as const,
  labels: (set: string) => ['rows', set, 'labels'] as const,
  states: (set: string, page: number) => ['rows', set, 'states', page] as const,
  difference: (set: string, from: number, to: number, page: number) =>
    ['rows', set, 'difference', from, to, page] as const,
  rows: (set: string, query: object) => ['rows', set, query] as const,
  check: (set: string, content: string) => ['check', set, content] as const,
  cases: (set: string, hash: string, kind: string, page: number) => ['cases', set, hash, kind, page] as const,
  version: (bot: string, version: number) => ['version', bot, version] as const,
  tests: (bot: string) => ['tests', bot] as const,
  insights: (bot: string, by: string, filter: object) => ['insights', bot, by, filter] as const,
  insightGraph: (bot: string, filter: object) => ['insights', bot, 'graph', filter] as const,
  /** All that is not understood yet, and what was. */
  unanswered: (bot: string) => ['unanswered', bot] as const,
  unansweredCount: (bot: string) => ['unanswered', bot, 'count'] as const,
  unansweredGroups: (bot: string, filter: object) => ['unanswered', bot, 'groups', filter] as const,
  unansweredAnswered: (bot: string) => ['unanswered', bot, 'answered'] as const,
  /** All versions, and where they are. */
  versions: (bot: string) => ['versions', bot] as const,
  environments: (bot: string) => ['versions', bot, 'environments'] as const,
  experiments: (bot: string) => ['versions', bot, 'experiments'] as const,
  impact: (bot: string, version: number, environment: string) =>
    ['publish-preview', bot, environment, version] as const,
  trace: (conversation: string, message: string) => ['trace', conversation, message] as const,
  words: (conversation: string, message: string) => ['words', conversation, message] as const,
  /** All of the inbox, and what it is made of. */
  inbox: ['inbox'] as const,
  chats: ['inbox', 'chats'] as const,
  chatList: (filter: object) => ['inbox', 'chats', filter] as const,
  chat: (chat: string) => ['inbox', 'chat', chat] as const,
  waiting: ['inbox', 'waiting'] as const,
  people: ['inbox', 'people'] as const,
  chatTags: ['inbox', 'tags'] as const,
  apiKeys: ['api-keys'] as const,
  canned: ['inbox', 'canned'] as const,
  webhooks: ['webhooks'] as const,
  webhookLog: (webhook: string, status: string) => ['webhooks', webhook, status] as const,
  channels: ['channels'] as const,
  publishPreview: (bot: string) => ['publish-preview', bot] as const,
}
