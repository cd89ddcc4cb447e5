import type { Logger } from 'pino'
import { BotloomError, toFailure } from '#kit'
import type { ConnectionTables, ConnectionView, SourcePreview, SourceView } from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { ConnectionStore } from './connection-store.ts'
import { importSource } from './import-source.ts'
import type { OpenConnection } from './open-connection.ts'
import type { OpenSource } from './open-source.ts'
import { previewSource } from './preview-source.ts'
import type { ConnectionRequest, SourceQuery, SourceRequest } from './source-shapes.ts'
import type { SourceStore, StoredSource } from './source-store.ts'

/** Says that a running import lives, also while a database thinks. */
const beatMs = 5_000

export type SourceService = ReturnType<typeof createSourceService>

/** Rows from databases and web services: connects, shows, and imports in the background, so that nobody has to wait with the page open. */
export function createSourceService(deps: {
  connections: ConnectionStore
  store: SourceStore
  sets: SetStore
  open: OpenConnection
  languagesOf: (workspace: string, bot: string) => Promise<readonly string[]>
  /** Rows have come in. */
  changed: (workspace: string, set: string) => Promise<void>
  log: Logger
}) {
  const { connections, store, sets, log } = deps
  const running = new Map<string, { stop: AbortController; ended: Promise<void> }>()

  async function using<T>(request: ConnectionRequest, work: (open: OpenSource) => Promise<T>): Promise<T> {
    const open = await deps.open(request)
    try {
      return await work(open)
    } finally {
      await open.close()
    }
  }

  async function run(source: StoredSource, stop: AbortController): Promise<void> {
    const { id, workspaceId: workspace, setId, botId, connectionId } = source
    const beat = setInterval(() => {
      store.progress(id, {}).then(
        (asked) => asked && stop.abort(new DOMException('somebody stopped it', 'AbortError')),
        (error: unknown) => log.warn({ err: error, source: id }, 'an import could not say that it lives'),
      )
    }, beatMs)
    try {
      const languages = await deps.languagesOf(workspace, botId)
      const { kind } = await connections.view(workspace, botId, connectionId)
      const open = async () => deps.open(await connections.reveal(workspace, botId, connectionId))
      await store.settle(id, await importSource({ sets, store, open, kind, languages }, source, stop.signal), null)
    } catch (error) {
      const asked = stop.signal.aborted && !(stop.signal.reason instanceof BotloomError)
      if (asked) return await store.settle(id, 'stopped', null)
      const { code, params } = toFailure(stop.signal.aborted ? stop.signal.reason : error)
      if (code === 'unexpected') log.error({ err: error, source: id }, 'an import failed')
      await store.settle(id, 'failed', { code, params })
    } finally {
      clearInterval(beat)
      await deps.changed(workspace, setId)
    }
  }

  async function start(workspace: string, set: string, id: string): Promise<void> {
    const source = await store.claim(workspace, set, id)
    const stop = new AbortController()
    const ended = run(source, stop)
      .catch((error: unknown) => log.error({ err: error, source: id }, 'an import could not be settled'))
      .finally(() => running.delete(id))
    running.set(id, { stop, ended })
  }

  return {
    connections,

    /** Connects, and keeps how only where that went well. */
    async connect(workspace: string, bot: string, request: ConnectionRequest): Promise<ConnectionTables> {
      const tables = await using(request, (open) => open.tables())
      return { connection: await connections.put(workspace, bot, request), tables }
    },

    async tables(workspace: string, bot: string, id: string): Promise<ConnectionTables> {
      const connection: ConnectionView = await connections.view(workspace, bot, id)
      return { connection, tables: await using(await connections.reveal(workspace, bot, id), (open) => open.tables()) }
    },

    async preview(workspace: string, bot: string, id: string, query: SourceQuery): Promise<SourcePreview> {
      const request = await connections.reveal(workspace, bot, id)
      return using(request, (open) => previewSource(open, request.kind, query, nameOf(query, request)))
    },

    list: store.list,
    view: store.view,

    /** Keeps a source of a set and begins its first import. */
    async create(workspace: string, set: string, request: SourceRequest, locale: string): Promise<SourceView> {
      await connections.view(workspace, await sets.botOf(workspace, set), request.connection)
      const id = await store.create(workspace, set, request)
      await start(workspace, set, id)
      return store.view(workspace, set, id, locale)
    },

    /** Imports what lies beyond the cursor. Throws `source-busy`. */
    async importNew(workspace: string, set: string, id: string, locale: string): Promise<SourceView> {
      await start(workspace, set, id)
      return store.view(workspace, set, id, locale)
    },

    /** What came in so far stays. */
    async stopImport(workspace: string, set: string, id: string, locale: string): Promise<SourceView> {
      await store.askToStop(workspace, set, id)
      const here = running.get(id)
      here?.stop.abort(new DOMException('somebody stopped it', 'AbortError'))
      await here?.ended
      return store.view(workspace, set, id, locale)
    },

    async remove(workspace: string, set: string, id: string): Promise<void> {
      await store.remove(workspace, set, id)
      running.get(id)?.stop.abort(new DOMException('its source is gone', 'AbortError'))
    },

    /** Imports that run are ended where they are; the next press of the button goes on. */
    async stop(): Promise<void> {
      for (const { stop } of running.values()) stop.abort(new BotloomError('source-interrupted'))
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

/** What a source is called until somebody names it. */
function nameOf(query: SourceQuery, request: ConnectionRequest): string {
  return query.from === 'table' ? query.table : request.name
}
