import { and, asc, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { ConnectionView } from '#server/api/dto.ts'
import type { Sealer } from '#server/auth/sealed.ts'
import type { Database } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { dataConnections } from '#server/db/schema/sources.ts'
import { newId } from '#server/new-id.ts'
import type { ConnectionRequest } from './source-shapes.ts'

export type ConnectionStore = ReturnType<typeof createConnectionStore>

/** A bot's connections to the databases and services of others: passwords go in sealed and come out for an import alone. */
export function createConnectionStore(deps: { db: Database; sealer: Sealer; now?: () => Date }) {
  const { db, sealer } = deps
  const now = deps.now ?? (() => new Date())
  const ofBot = (workspace: string, bot: string) =>
    and(eq(dataConnections.workspaceId, workspace), eq(dataConnections.botId, bot))

  async function find(workspace: string, bot: string, id: string) {
    const [row] = await db
      .select()
      .from(dataConnections)
      .where(and(ofBot(workspace, bot), eq(dataConnections.id, id)))
    if (!row) throw new BotloomError('not-found', { what: 'connection' })
    return row
  }

  return {
    async list(workspace: string, bot: string): Promise<ConnectionView[]> {
      const rows = await db
        .select()
        .from(dataConnections)
        .where(ofBot(workspace, bot))
        .orderBy(asc(dataConnections.name))
      return rows.map(toView)
    },

    /** Writes a connection, also over one of the same name and kind: that is how a password is changed. Throws `connection-name-taken`. */
    async put(workspace: string, bot: string, request: ConnectionRequest): Promise<ConnectionView> {
      const { settings, secrets } = apart(request)
      const { name, kind } = request
      const row = { settings, sealed: sealer.seal(JSON.stringify(secrets)), updatedAt: now() }
      return db.transaction(async (tx) => {
        const [found] = await tx
          .select({ id: bots.id })
          .from(bots)
          .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
        if (!found) throw new BotloomError('not-found', { what: 'bot' })
        const [written] = await tx
          .insert(dataConnections)
          .values({ id: newId('dcn'), workspaceId: workspace, botId: bot, name, kind, ...row })
          .onConflictDoUpdate({
            target: [dataConnections.botId, dataConnections.name],
            set: row,
            setWhere: eq(dataConnections.kind, kind),
          })
          .returning()
        if (!written) throw new BotloomError('connection-name-taken', { name })
        return toView(written)
      })
    },

    /** Its kept sources go with it; rows that came in stay. Throws `not-found`. */
    async remove(workspace: string, bot: string, id: string): Promise<void> {
      await find(workspace, bot, id)
      await db.delete(dataConnections).where(and(ofBot(workspace, bot), eq(dataConnections.id, id)))
    },

    /** Throws `not-found`. */
    async view(workspace: string, bot: string, id: string): Promise<ConnectionView> {
      return toView(await find(workspace, bot, id))
    },

    /** With its secrets, to connect. Throws `not-found`. */
    async reveal(workspace: string, bot: string, id: string): Promise<ConnectionRequest> {
      const { name, kind, settings, sealed } = await find(workspace, bot, id)
      return together({ kind, name, ...(settings as object) }, JSON.parse(sealer.open(sealed)))
    },
  }
}

type Secrets = { password: string } | { headers: string[] }

/** What may be seen, and what may not: a password, values of headers that are secret. */
function apart(request: ConnectionRequest): { settings: object; secrets: Secrets } {
  if (request.kind === 'http') {
    const { kind: _, name: __, headers, ...settings } = request
    const shown = headers.map((one) => (one.secret ? { ...one, value: '' } : one))
    return {
      settings: { ...settings, headers: shown },
      secrets: { headers: headers.map(({ secret, value }) => (secret ? value : '')) },
    }
  }
  const { kind: _, name: __, password, ...settings } = request
  return { settings, secrets: { password } }
}

/** The request that was taken apart. */
function together(shown: { kind: string; name: string }, secrets: Secrets): ConnectionRequest {
  if ('password' in secrets) return { ...shown, ...secrets } as ConnectionRequest
  const { headers } = shown as Extract<ConnectionRequest, { kind: 'http' }>
  return {
    ...shown,
    headers: headers.map((one, at) => (one.secret ? { ...one, value: secrets.headers[at] ?? '' } : one)),
  } as ConnectionRequest
}

function toView({ id, name, kind, settings, updatedAt }: typeof dataConnections.$inferSelect): ConnectionView {
  return { id, name, kind, updatedAt: updatedAt.toISOString(), ...(settings as object) } as ConnectionView
}
