import pg from 'pg'
import { BotloomError } from '#kit'
import type { ConnectPolicy } from '#server/outbound/connect-policy.ts'
import { checkStatement } from './check-statement.ts'
import { connectFault } from './connect-fault.ts'
import { batchRows, type OpenSource, type ReadOptions, type SourceBatch, statementMs } from './open-source.ts'
import { PolicedSocket } from './policed-socket.ts'
import type { DatabaseRequest, SourceQuery } from './source-shapes.ts'

const { builtins } = pg.types
const growing = new Set<number>([
  builtins.INT2,
  builtins.INT4,
  builtins.INT8,
  builtins.NUMERIC,
  builtins.DATE,
  builtins.TIMESTAMP,
  builtins.TIMESTAMPTZ,
])
/** Every value as PostgreSQL writes it: a bigint keeps its digits, a time its microseconds. */
const asText = {
  getTypeParser: (oid: number) =>
    oid === builtins.BOOL
      ? (value: string | Buffer) => (String(value) === 't' ? 'true' : 'false')
      : (value: string | Buffer) => String(value),
} as pg.CustomTypesConfig

/** Opens a PostgreSQL for reading. Throws `outbound-refused`, `source-unreachable`, `source-login`, `source-database`, `source-tls`. */
export async function openPostgresSource(settings: DatabaseRequest, policy: ConnectPolicy): Promise<OpenSource> {
  const { host, port, database, user, password, tls } = settings
  policy.checkHost(host, port)
  let open = false
  const client = new pg.Client({
    host,
    port,
    user,
    password,
    database: database || 'postgres',
    ssl: tls === 'off' ? false : { rejectUnauthorized: tls === 'verify' },
    stream: () => new PolicedSocket(policy),
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    application_name: 'Botloom',
    types: asText,
  })
  const told = (error: unknown) => toSourceError(error, settings, open)
  // A connection that breaks between two statements tells the next one.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => {})
    throw told(error)
  }
  open = true

  /** In a transaction that can write nothing, whatever a statement tries. */
  async function begin(): Promise<void> {
    await client.query(
      `begin transaction isolation level repeatable read read only;
       set local statement_timeout = ${statementMs};
       set local idle_in_transaction_session_timeout = 0;
       set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local standard_conforming_strings = on`,
    )
  }

  return {
    async tables() {
      try {
        const { rows } = await client.query(
          `select n.nspname as schema, c.relname as name, c.relkind in ('v', 'm') as view,
             case when c.relkind in ('r', 'm') and c.reltuples >= 0 then c.reltuples::bigint end as rows
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
             and n.nspname !~ '^pg_(toast|temp)' and not c.relispartition
             and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
           order by n.nspname <> 'public', 1, 2 limit 2000`,
        )
        return rows.map((row: Record<string, string | null>) => ({
          schema: row.schema ?? '',
          name: row.name ?? '',
          kind: row.view === 'true' ? ('view' as const) : ('table' as const),
          rows: row.rows === null ? null : Number(row.rows),
        }))
      } catch (error) {
        throw told(error)
      }
    },

    async *read(query, options) {
      const text = toStatement(query, options)
      try {
        await begin()
        // The extended protocol takes one statement, and DECLARE only one that reads.
        await client.query({
          text: `declare botloom_rows no scroll cursor for ${text}`,
          queryMode: 'extended',
        } as pg.QueryConfig)
        yield* fetchAll(client, options)
      } catch (error) {
        throw told(error)
      } finally {
        if (open) await client.query('rollback').catch(() => {})
      }
    },

    async close() {
      open = false
      await client.end().catch(() => {})
    },
  }
}

async function* fetchAll(client: pg.Client, { cursorColumn, most, signal }: ReadOptions): AsyncGenerator<SourceBatch> {
  for (let left = most; ; ) {
    signal.throwIfAborted()
    const size = Math.min(batchRows, left)
    const { fields, rows } = await client.query<(string | null)[]>({
      text: `fetch forward ${size} from botloom_rows`,
      rowMode: 'array',
    })
    const names = fields.map(({ name }) => name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) throw new BotloomError('source-columns', { column: twice })
    const column = cursorColumn === null ? -1 : names.indexOf(cursorColumn)
    yield {
      columns: fields.map(({ name, dataTypeID }) => ({ name, grows: growing.has(dataTypeID) })),
      rows: rows.map((row) => ({
        values: Object.fromEntries(names.flatMap((name, at) => (row[at] === null ? [] : [[name, row[at]!]]))),
        at: row[column] ?? null,
      })),
    }
    left -= rows.length
    if (rows.length < size || left <= 0) return
  }
}

function toStatement(query: SourceQuery, { cursorColumn, after }: ReadOptions): string {
  if (query.from !== 'table' && query.from !== 'statement') throw new BotloomError('source-kind')
  const rows =
    query.from === 'table'
      ? `${query.schema === '' ? '' : `${pg.escapeIdentifier(query.schema)}.`}${pg.escapeIdentifier(query.table)}`
      : `(\n${checkStatement(query.sql, 'postgres')}\n)`
  const column = cursorColumn === null ? '' : `botloom_source.${pg.escapeIdentifier(cursorColumn)}`
  return [
    `select * from ${rows} as botloom_source`,
    // Behind the type of the column, so that a wide number or a microsecond is compared as what it is.
    column !== '' && after !== null ? `where ${column} >= ${pg.escapeLiteral(after)}` : '',
    column === '' ? '' : `order by ${column} nulls first`,
  ].join(' ')
}

function toSourceError(error: unknown, { host, database, user }: DatabaseRequest, open: boolean): unknown {
  const fault = connectFault(error, host, open)
  if (fault || !(error instanceof Error) || error.name === 'AbortError') return fault ?? error
  const code = 'code' in error ? String(error.code) : ''
  const detail = error.message.slice(0, 300)
  if (code === '28P01' || code === '28000' || /password must be a string|SASL/u.test(detail))
    return new BotloomError('source-login', { host, user })
  if (code === '3D000') return new BotloomError('source-database', { host, database })
  if (code === '42501') return new BotloomError('source-denied', { detail })
  if (code === '42P01' || code === '42703' || code === '3F000') return new BotloomError('source-table', { detail })
  if (code === '57014') return new BotloomError('source-timeout', { host, seconds: statementMs / 1_000 })
  if (code === '25006') return new BotloomError('source-writes', { word: detail })
  if (code === '42702') return new BotloomError('source-columns', { column: /"([^"]*)"/u.exec(detail)?.[1] ?? '' })
  if (/SSL/u.test(detail) && code === '') return new BotloomError('source-tls', { host, detail })
  if (/timeout expired/u.test(detail)) return new BotloomError('source-unreachable', { host, detail: 'timeout' })
  if (code.startsWith('08') || code.startsWith('57P') || /^(?:Connection terminated|Client)/u.test(detail))
    return new BotloomError(open ? 'source-lost' : 'source-unreachable', { host, detail: code || detail })
  return code === '' ? error : new BotloomError('source-query', { detail })
}
