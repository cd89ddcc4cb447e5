import { BotloomError } from '#kit'
import type {
  ChatDetail,
  ChatFilter,
  ChatPage,
  ChatStatus,
  ChatSummary,
  Environment,
  Message,
  PageContext,
  WhisperNote,
} from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'

/** Chats of one answer. */
const pageSize = 50
/** Chats that are searched for words, the first of those that fit otherwise: the embedded database does nothing else meanwhile. */
const mostSearched = 5_000
/** Of a chat that is longer than this its latest messages are shown. */
const mostMessages = 1_000

export type InboxStore = ReturnType<typeof createInboxStore>

/** What is asked for, with the chats that a figure stands for instead of its name. */
export interface InboxFilter extends Omit<ChatFilter, 'figure'> {
  ids?: readonly string[]
  /** Only chats with one of these. */
  bots?: readonly string[]
}

interface ChatRow {
  id: string
  bot_id: string
  bot_name: string
  environment: Environment
  status: ChatStatus
  language: string
  attributes: Record<string, string>
  channel: string
  external_id: string | null
  verified: Record<string, string> | null
  assignee: string | null
  assignee_name: string | null
  tags: string[]
  last_role: Message['role'] | null
  last_text: string | null
  last_at: Date | string | null
  unanswered: number
  reason: string | null
  note: string | null
  asked_at: Date | string | null
  created_at: Date | string
  updated_at: Date | string
}

/** A chat with all that a line of the list shows; `where` speaks of `c`. */
const chats = (where: string, most: number, order: 'asc' | 'desc' = 'desc', said = ''): string => `
select c.id, c.bot_id, b.name as bot_name, c.environment, c.status, c.language, v.attributes, v.verified, c.assignee, coalesce(u.name, k.name) as assignee_name, c.tags,
  c.channel, v.external_id,
  last.role as last_role, left(last.text, 300) as last_text, last.at as last_at, open.count as unanswered,
  asked.reason, asked.note, asked.created_at as asked_at, c.created_at, c.updated_at
from (select * from (
    select * from conversations c where c.workspace_id = $1 and not c.is_try ${where}
    order by c.created_at ${order}, c.id ${order} limit ${said === '' ? most : mostSearched}
  ) c ${said} order by c.created_at ${order}, c.id ${order} limit ${most}) c
join bots b on b.id = c.bot_id
left join visitors v on v.id = c.visitor_id
left join users u on u.id = c.assignee
left join api_keys k on k.id = c.assignee
left join lateral (
  select role, text, at from messages m where m.conversation_id = c.id and m.role <> 'system' order by seq desc limit 1
) last on true
left join lateral (
  select count(*)::int as count from messages m where m.conversation_id = c.id and m.role = 'user' and m.seq > coalesce(
    (select max(seq) from messages r where r.conversation_id = c.id and r.role in ('agent', 'bot')), 0)
) open on true
left join lateral (
  select reason, note, created_at from handoffs h where h.conversation_id = c.id order by created_at desc limit 1
) asked on true
order by c.created_at ${order}, c.id ${order}`

/** The SQL of the inbox, over either database: what people see of conversations, and what they write beside them. */
export function createInboxStore({ database }: { database: Pick<OpenDatabase, 'query'> }) {
  /** Conditions on `c` with their parameters, behind the workspace. */
  function conditions(filter: InboxFilter, user: string): { where: string; said: string; params: unknown[] } {
    const params: unknown[] = []
    const parts: string[] = []
    const add = (sql: (place: string) => string, value: unknown): void => {
      params.push(value)
      parts.push(sql(`$${params.length + 1}`))
    }
    if (filter.status && filter.status !== 'all') add((p) => `c.status = ${p}`, filter.status)
    if (filter.bots)
      add((p) => `c.bot_id in (select jsonb_array_elements_text(${p}::text::jsonb))`, JSON.stringify(filter.bots))
    if (filter.channel) add((p) => `c.channel = ${p}`, filter.channel)
    if (filter.visitor)
      add(
        (p) => `c.visitor_id in (select id from visitors where workspace_id = $1 and external_id = ${p})`,
        filter.visitor,
      )
    if (filter.bot) add((p) => `c.bot_id = ${p}`, filter.bot)
    if (filter.assignee === 'nobody') parts.push('c.assignee is null')
    else if (filter.assignee) add((p) => `c.assignee = ${p}`, filter.assignee === 'me' ? user : filter.assignee)
    if (filter.tag) add((p) => `c.tags @> ${p}::text::jsonb`, JSON.stringify([filter.tag]))
    if (filter.ids)
      add((p) => `c.id in (select jsonb_array_elements_text(${p}::text::jsonb))`, JSON.stringify(filter.ids))
    if (filter.after) {
      const { at, id } = cursorOf(filter.after)
      params.push(at, id)
      const behind = orderOf(filter) === 'asc' ? '>' : '<'
      parts.push(`(c.created_at, c.id) ${behind} ($${params.length}::timestamptz, $${params.length + 1})`)
    }
    const where = parts.map((part) => `and ${part}`).join(' ')
    if (!filter.search) return { where, said: '', params }
    params.push(`%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)
    const said = `where exists (select 1 from messages m
      where m.conversation_id = c.id and m.text ilike $${params.length + 1} escape '\\')`
    return { where, said, params }
  }

  async function counts(workspace: string): Promise<ChatPage['counts']> {
    const rows = await database.query<{ status: ChatStatus; count: number }>(
      `select status, count(*)::int as count from conversations where workspace_id = $1 and not is_try group by status`,
      [workspace],
    )
    const all: ChatPage['counts'] = { open: 0, waiting: 0, agent: 0, ended: 0 }
    for (const { status, count } of rows) all[status] = count
    return all
  }

  async function summary(workspace: string, id: string): Promise<ChatSummary> {
    const [row] = await database.query<ChatRow>(chats('and c.id = $2', 1), [workspace, id])
    if (!row) throw new BotloomError('not-found', { what: 'conversation' })
    return toSummary(row)
  }

  return {
    /** A line of the list. Throws `not-found`. */
    summary,

    /** Throws `not-found` for what belongs to another workspace or is a try. */
    async check(workspace: string, id: string): Promise<void> {
      const found = await database.query(
        'select 1 from conversations where id = $2 and workspace_id = $1 and not is_try',
        [workspace, id],
      )
      if (found.length === 0) throw new BotloomError('not-found', { what: 'conversation' })
    },

    /** Chats that fit, the newest first; of those that wait for a person the oldest. */
    async page(workspace: string, user: string, filter: InboxFilter): Promise<ChatPage> {
      const { where, said, params } = conditions(filter, user)
      const rows = await database.query<ChatRow>(chats(where, pageSize + 1, orderOf(filter), said), [
        workspace,
        ...params,
      ])
      const shown = rows.slice(0, pageSize).map(toSummary)
      const last = rows.length > pageSize ? shown.at(-1) : undefined
      return {
        chats: shown,
        next: last ? `${last.startedAt}_${last.id}` : null,
        counts: await counts(workspace),
      }
    },

    /** One chat whole. Throws `not-found`. */
    async detail(
      workspace: string,
      id: string,
      messagesOf: (id: string, after: number, most: number) => Promise<Message[]>,
    ): Promise<ChatDetail> {
      const about = await summary(workspace, id)
      const [row] = await database.query<{
        session: string
        seq: number
        version: number | null
        context: PageContext
      }>('select session, seq, version, context from conversations where id = $2 and workspace_id = $1', [
        workspace,
        id,
      ])
      const notes = await database.query<NoteRow>(
        'select * from conversation_notes where conversation_id = $2 and workspace_id = $1 order by at, id',
        [workspace, id],
      )
      return {
        ...about,
        messages: await messagesOf(id, Math.max(0, (row?.seq ?? 0) - mostMessages), mostMessages),
        notes: notes.map(toNote),
        variables: variablesIn(row?.session),
        version: row?.version ?? null,
        context: row?.context ?? {},
      }
    },

    /** Messages of chats that fit, chat by chat, the newest chat first: pages of at most `most` chats. */
    async *transcripts(
      workspace: string,
      user: string,
      filter: InboxFilter,
      messagesOf: (id: string) => Promise<Message[]>,
    ): AsyncGenerator<{ chat: ChatSummary; messages: Message[] }> {
      for (let after: string | null | undefined = filter.after; after !== null; ) {
        const { chats: found, next }: ChatPage = await this.page(workspace, user, { ...filter, after })
        for (const chat of found) yield { chat, messages: await messagesOf(chat.id) }
        after = next
      }
    },

    async note(workspace: string, chat: string, note: WhisperNote): Promise<void> {
      const { id, author, text, at } = note
      const kept = await database.query(
        `insert into conversation_notes (id, workspace_id, conversation_id, author, author_name, text, at)
         select $1, $2, c.id, $4, $5, $6, $7::timestamptz from conversations c
         where c.id = $3 and c.workspace_id = $2 and not c.is_try returning id`,
        [id, workspace, chat, author.id, author.name, text, at],
      )
      if (kept.length === 0) throw new BotloomError('not-found', { what: 'conversation' })
    },

    /** Tags and who takes care of it; what is left out stays. */
    async change(
      workspace: string,
      chat: string,
      change: { tags?: string[]; assignee?: string | null },
    ): Promise<void> {
      const kept = await database.query(
        `update conversations set tags = coalesce($3::text::jsonb, tags),
           assignee = case when $4::boolean then $5 else assignee end
         where id = $2 and workspace_id = $1 and not is_try returning id`,
        [
          workspace,
          chat,
          change.tags ? JSON.stringify(change.tags) : null,
          change.assignee !== undefined,
          change.assignee ?? null,
        ],
      )
      if (kept.length === 0) throw new BotloomError('not-found', { what: 'conversation' })
    },

    /** Tags that some chat has, in their order. */
    async tags(workspace: string): Promise<string[]> {
      const rows = await database.query<{ tag: string }>(
        `select distinct jsonb_array_elements_text(tags) as tag from conversations
         where workspace_id = $1 and tags <> '[]'::jsonb order by tag limit 500`,
        [workspace],
      )
      return rows.map(({ tag }) => tag)
    },
  }
}

interface NoteRow {
  id: string
  author: string
  author_name: string
  text: string
  at: Date | string
}

function toNote({ id, author, author_name, text, at }: NoteRow): WhisperNote {
  return { id, author: { id: author, name: author_name }, text, at: new Date(at).toISOString() }
}

function toSummary(row: ChatRow): ChatSummary {
  const time = (at: Date | string): string => new Date(at).toISOString()
  return {
    id: row.id,
    bot: { id: row.bot_id, name: row.bot_name },
    environment: row.environment,
    status: row.status,
    language: row.language,
    channel: row.channel,
    visitorId: row.external_id,
    visitor: row.attributes ?? {},
    verified: row.verified,
    assignee: row.assignee === null ? null : { id: row.assignee, name: row.assignee_name ?? '' },
    tags: row.tags,
    last:
      row.last_role === null || row.last_at === null
        ? null
        : { role: row.last_role, text: row.last_text ?? '', at: time(row.last_at) },
    unanswered: row.unanswered,
    handoff: row.asked_at === null ? null : { reason: row.reason ?? '', note: row.note ?? '', at: time(row.asked_at) },
    startedAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

const orderOf = ({ status }: InboxFilter): 'asc' | 'desc' => (status === 'waiting' ? 'asc' : 'desc')

function cursorOf(after: string): { at: string; id: string } {
  const [at = '', ...rest] = after.split('_')
  if (!Number.isFinite(Date.parse(at)))
    throw new BotloomError('invalid-request', { at: 'after', issue: 'not-readable' })
  return { at, id: rest.join('_') }
}

function variablesIn(session: string | undefined): Record<string, unknown> {
  try {
    const { variables } = JSON.parse(session ?? '{}') as { variables?: Record<string, unknown> }
    return variables ?? {}
  } catch {
    return {}
  }
}
