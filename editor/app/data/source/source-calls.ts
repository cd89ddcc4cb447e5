import type { ConnectionTables, ConnectionView, SourcePreview, SourceView } from '#server/api/dto.ts'
import type { ConnectionRequest, SourceQuery, SourceRequest } from '#server/sources/source-shapes.ts'
import { path, send } from '../../api.ts'

/** What the pages of sources ask the server. */
export const sourceCalls = {
  connections: (bot: string): Promise<ConnectionView[]> => send('GET', path`/api/bots/${bot}/connections`),
  connect: (bot: string, json: ConnectionRequest): Promise<ConnectionTables> =>
    send('POST', path`/api/bots/${bot}/connections`, { json }),
  tables: (bot: string, connection: string): Promise<ConnectionTables> =>
    send('GET', path`/api/bots/${bot}/connections/${connection}/tables`),
  removeConnection: (bot: string, connection: string): Promise<void> =>
    send('DELETE', path`/api/bots/${bot}/connections/${connection}`),
  preview: (bot: string, connection: string, query: SourceQuery): Promise<SourcePreview> =>
    send('POST', path`/api/bots/${bot}/connections/${connection}/preview`, { json: { query } }),
  list: (set: string): Promise<SourceView[]> => send('GET', path`/api/sets/${set}/sources`),
  view: (set: string, source: string): Promise<SourceView> => send('GET', path`/api/sets/${set}/sources/${source}`),
  create: (set: string, json: SourceRequest): Promise<SourceView> =>
    send('POST', path`/api/sets/${set}/sources`, { json }),
  remove: (set: string, source: string): Promise<void> => send('DELETE', path`/api/sets/${set}/sources/${source}`),
  importNew: (set: string, source: string): Promise<SourceView> =>
    send('POST', path`/api/sets/${set}/sources/${source}/import`),
  stop: (set: string, source: string): Promise<SourceView> =>
    send('DELETE', path`/api/sets/${set}/sources/${source}/import`),
}

/** Keys of what these answer, below those of `query.ts`. */
export const sourceKeys = {
  connections: (bot: string) => ['connections', bot] as const,
  sources: (set: string) => ['sources', set] as const,
}
