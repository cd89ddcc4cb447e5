import { and, asc, eq, lt, ne, or } from 'drizzle-orm'
import { BotloomError, errorText } from '#kit'
import type { SourceView } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { sets } from '#server/db/schema/sets.ts'
import { dataConnections, dataSources } from '#server/db/schema/sources.ts'
import { newId } from '#server/new-id.ts'
import type { SourceRequest } from './source-shapes.ts'

export type StoredSource = typeof dataSources.$inferSelect & { botId: string }
export type SourceProgress = Pick<
  typeof dataSources.$inferInsert,
  'read' | 'added' | 'duplicates' | 'brokenRows' | 'broken' | 'cursor'
>
export type SourceStore = ReturnType<typeof createSourceStore>

/** A running import that shows no life for this long belonged to a process that died. */
const silentMs = 30_000

/** Kept sources and how far each of them came. */
export function createSourceStore(deps: { db: Database; now?: () => Date }) {
  const { db } = deps
  const now = deps.now ?? (() => new Date())
  const one = (workspace: string, set: string, id: string) =>
    and(eq(dataSources.workspaceId, workspace), eq(dataSources.setId, set), eq(dataSources.id, id))
  const isDead = (row: { state: string; beatAt: Date }) =>
    row.state === 'running' && now().getTime() - row.beatAt.getTime() > silentMs

  async function rows(workspace: string, set: string, id?: string) {
    return db
      .select({
        source: dataSources,
        botId: sets.botId,
        connection: { id: dataConnections.id, name: dataConnections.name, kind: dataConnections.kind },
      })
      .from(dataSources)
      .innerJoin(sets, eq(sets.id, dataSources.setId))
      .innerJoin(dataConnections, eq(dataConnections.id, dataSources.connectionId))
      .where(
        id === undefined
          ? and(eq(dataSources.workspaceId, workspace), eq(dataSources.setId, set))
          : one(workspace, set, id),
      )
      .orderBy(asc(dataSources.createdAt), asc(dataSources.id))
  }

  async function find(workspace: string, set: string, id: string) {
    const [found] = await rows(workspace, set, id)
    if (!found) throw new BotloomError('not-found', { what: 'source' })
    return found
  }

  function toView({ source, connection }: Awaited<ReturnType<typeof find>>, locale: string): SourceView {
    const dead = isDead(source)
    const fault = dead ? { code: 'source-interrupted' as const, params: {} } : source.fault
    return {
      id: source.id,
      name: source.name,
      connection,
      cursorColumn: source.cursorColumn,
      reached: source.cursor?.value ?? null,
      state: dead ? 'failed' : source.state,
      startedAt: source.startedAt.toISOString(),
      read: source.read,
      added: source.added,
      duplicates: source.duplicates,
      brokenRows: source.brokenRows,
      broken: source.broken,
      fault: fault && { ...fault, ...errorText(fault.code, fault.params, locale) },
    }
  }

  return {
    async list(workspace: string, set: string, locale: string): Promise<SourceView[]> {
      return (await rows(workspace, set)).map((row) => toView(row, locale))
    },

    /** Throws `not-found`. */
    async view(workspace: string, set: string, id: string, locale: string): Promise<SourceView> {
      return toView(await find(workspace, set, id), locale)
    },

    /** Keeps a source; its first import is begun by `claim`. */
    async create(workspace: string, set: string, request: SourceRequest): Promise<string> {
      const { connection, ...kept } = request
      const id = newId('src')
      const at = now()
      await db.insert(dataSources).values({
        id,
        workspaceId: workspace,
        setId: set,
        connectionId: connection,
        ...kept,
        state: 'stopped',
        beatAt: at,
        startedAt: at,
        createdAt: at,
      })
      return id
    },

    /** Begins an import: counts at zero, the cursor where it was. Throws `source-busy`, `not-found`. */
    async claim(workspace: string, set: string, id: string): Promise<StoredSource> {
      const { botId } = await find(workspace, set, id)
      const at = now()
      const [claimed] = await db
        .update(dataSources)
        .set({
          state: 'running',
          stopAsked: false,
          beatAt: at,
          startedAt: at,
          read: 0,
          added: 0,
          duplicates: 0,
          brokenRows: 0,
          broken: [],
          fault: null,
        })
        .where(
          and(
            one(workspace, set, id),
            or(ne(dataSources.state, 'running'), lt(dataSources.beatAt, new Date(at.getTime() - silentMs))),
          ),
        )
        .returning()
      if (!claimed) throw new BotloomError('source-busy')
      return { ...claimed, botId }
    },

    /** Writes down how far a running import is; true where it is to stop: somebody asked for it, or took the source away. */
    async progress(id: string, so: Partial<SourceProgress>): Promise<boolean> {
      const [row] = await db
        .update(dataSources)
        .set({ ...so, beatAt: now() })
        .where(and(eq(dataSources.id, id), eq(dataSources.state, 'running')))
        .returning({ stopAsked: dataSources.stopAsked })
      return row?.stopAsked ?? true
    },

    async settle(id: string, state: 'done' | 'stopped' | 'failed', fault: StoredSource['fault']): Promise<void> {
      await db.update(dataSources).set({ state, fault }).where(eq(dataSources.id, id))
    },

    /** The server that imports hears of it at its next sign of life. Throws `not-found`. */
    async askToStop(workspace: string, set: string, id: string): Promise<void> {
      await find(workspace, set, id)
      await db
        .update(dataSources)
        .set({ stopAsked: true })
        .where(one(workspace, set, id))
    },

    /** What came in stays. Throws `not-found`. */
    async remove(workspace: string, set: string, id: string): Promise<void> {
      await find(workspace, set, id)
      await db.delete(dataSources).where(one(workspace, set, id))
    },
  }
}
