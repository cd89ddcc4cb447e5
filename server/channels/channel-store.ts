import { and, asc, count, eq, isNotNull } from 'drizzle-orm'
import { BotloomError, errorText, firstIssue, isErrorCode } from '#kit'
import type { ChannelConnection, ChannelKind } from '#server/api/dto.ts'
import type { Sealer } from '#server/auth/sealed.ts'
import type { BotStore } from '#server/bots/bot-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { channelInbox, channelThreads, channelConnections as connections } from '#server/db/schema/channels.ts'
import { newId } from '#server/new-id.ts'
import type { Outbound } from '#server/outbound/outbound.ts'
import { channels } from './channels.ts'
import type { Channel } from './define-channel.ts'

/** Connections of one workspace. */
const most = 50
type Row = typeof connections.$inferSelect
type Values = Record<string, string>

/** A connection ready to work with. */
export interface OpenConnection {
  id: string
  workspace: string
  bot: string
  channel: Channel
  settings: Values
  secrets: Values
}
export type ChannelStore = ReturnType<typeof createChannelStore>

/** Connections of bots to channels. What an address outside may not tell from one that never was is `channel-unknown`. */
export function createChannelStore(deps: {
  db: OpenDatabase['db']
  sealer: Sealer
  /** Whether the operator named a host (`host` or `host:port`) as one that may be called. */
  outbound: Pick<Outbound, 'isNamed'>
  bots: Pick<BotStore, 'get'>
  /** The address of this server, as others reach it. */
  url: string
  now?: () => Date
}) {
  const { db, sealer, outbound, bots, url } = deps
  const now = deps.now ?? (() => new Date())
  const own = (workspace: string, id: string) => and(eq(connections.workspaceId, workspace), eq(connections.id, id))

  function view(row: Row, locale: string): ChannelConnection {
    const { lastError, lastErrorAt } = row
    return {
      id: row.id,
      kind: kindOf(row),
      bot: row.botId,
      name: row.name,
      address: `${url}/v1/channels/${row.id}`,
      settings: row.settings,
      active: row.active,
      lastHeardAt: row.lastHeardAt?.toISOString() ?? null,
      problem:
        lastError && lastErrorAt && isErrorCode(lastError.code)
          ? { ...errorText(lastError.code, lastError.params, locale), at: lastErrorAt.toISOString() }
          : null,
      createdAt: row.createdAt.toISOString(),
    }
  }

  function checkSettings(kind: ChannelKind, settings: unknown): Values {
    const parsed = parse(channels[kind].settings, settings, 'settings')
    const base = parsed.base === undefined ? null : new URL(parsed.base)
    if (base && !outbound.isNamed(base)) throw new BotloomError('channel-base', { host: base.host })
    return parsed
  }

  async function get(workspace: string, id: string): Promise<Row> {
    const [row] = await db.select().from(connections).where(own(workspace, id))
    if (!row) throw new BotloomError('not-found', { what: 'channel' })
    return row
  }

  return {
    async list(workspace: string, locale: string): Promise<ChannelConnection[]> {
      const rows = await db
        .select()
        .from(connections)
        .where(eq(connections.workspaceId, workspace))
        .orderBy(asc(connections.createdAt), asc(connections.id))
      return rows.map((row) => view(row, locale))
    },

    /** Credentials that the server made are told here and never again; `made` is null where the other side gave them. */
    async add(
      workspace: string,
      wish: { kind: ChannelKind; bot: string; name: string; settings: unknown; secrets?: unknown },
      locale: string,
    ): Promise<{ connection: ChannelConnection; made: Values | null }> {
      const { kind, bot, name } = wish
      await bots.get(workspace, bot)
      const settings = checkSettings(kind, wish.settings)
      const made = channels[kind].makeSecrets?.() ?? null
      const secrets = made ?? parse(channels[kind].secrets, wish.secrets ?? {}, 'secrets')
      const [known] = await db.select({ many: count() }).from(connections).where(eq(connections.workspaceId, workspace))
      if ((known?.many ?? 0) >= most) throw new BotloomError('channels-full', { limit: most })
      const [row] = await db
        .insert(connections)
        .values({
          id: newId('chn'),
          workspaceId: workspace,
          botId: bot,
          kind,
          name,
          settings,
          secrets: sealer.seal(JSON.stringify(secrets)),
          createdAt: now(),
        })
        .returning()
      return { connection: view(row!, locale), made }
    },

    /** What is left out stays; secrets that are given replace all of them. */
    async change(
      workspace: string,
      id: string,
      wish: { name?: string; active?: boolean; settings?: unknown; secrets?: unknown },
      locale: string,
    ): Promise<ChannelConnection> {
      const kind = kindOf(await get(workspace, id))
      const [row] = await db
        .update(connections)
        .set({
          ...(wish.name !== undefined && { name: wish.name }),
          ...(wish.active !== undefined && { active: wish.active }),
          ...(wish.settings !== undefined && { settings: checkSettings(kind, wish.settings) }),
          ...(wish.secrets !== undefined && {
            secrets: sealer.seal(JSON.stringify(parse(channels[kind].secrets, wish.secrets, 'secrets'))),
          }),
          lastError: null,
          lastErrorAt: null,
        })
        .where(own(workspace, id))
        .returning()
      if (!row) throw new BotloomError('not-found', { what: 'channel' })
      return view(row, locale)
    },

    /** Its conversations stay; nothing is sent there any more. */
    async remove(workspace: string, id: string): Promise<void> {
      await get(workspace, id)
      await db.transaction(async (tx) => {
        await tx.delete(channelInbox).where(eq(channelInbox.connectionId, id))
        await tx.delete(channelThreads).where(eq(channelThreads.connectionId, id))
        await tx.delete(connections).where(own(workspace, id))
      })
    },

    /** Throws `channel-unknown`, for one that is switched off, too. */
    async open(id: string): Promise<OpenConnection> {
      const [row] = await db
        .select()
        .from(connections)
        .where(and(eq(connections.id, id), eq(connections.active, true)))
      if (!row) throw new BotloomError('channel-unknown')
      return {
        id,
        workspace: row.workspaceId,
        bot: row.botId,
        channel: channels[kindOf(row)],
        settings: row.settings,
        secrets: JSON.parse(sealer.open(row.secrets)),
      }
    },

    /** How a connection does: heard from, or what went wrong. */
    async note(id: string, noted: 'heard' | 'well' | BotloomError): Promise<void> {
      const set =
        noted === 'heard'
          ? { lastHeardAt: now() }
          : noted === 'well'
            ? { lastError: null, lastErrorAt: null }
            : { lastError: { code: noted.code, params: noted.params }, lastErrorAt: now() }
      // Where all goes well and did before, there is nothing to write.
      const worse = noted === 'well' ? isNotNull(connections.lastErrorAt) : undefined
      await db
        .update(connections)
        .set(set)
        .where(and(eq(connections.id, id), worse))
    },
  }
}

function kindOf({ kind }: Pick<Row, 'kind'>): ChannelKind {
  return kind === 'wecom' ? 'wecom' : 'webhook'
}

function parse(schema: Channel['settings'], value: unknown, at: string): Values {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { place, params } = firstIssue(parsed.error)
  throw new BotloomError('invalid-request', { at: place === '' ? at : `${at}.${place}`, ...params })
}
