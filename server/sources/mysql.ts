import mysql, { type FieldPacket, type TypeCastField } from 'mysql2'
import { BotloomError } from '#kit'
import type { ConnectPolicy } from '#server/outbound/connect-policy.ts'
import { checkStatement } from './check-statement.ts'
import { connectFault } from './connect-fault.ts'
import { batchRows, type OpenSource, type ReadOptions, type SourceBatch, statementMs } from './open-source.ts'
import { PolicedSocket } from './policed-socket.ts'
import type { DatabaseRequest, SourceQuery } from './source-shapes.ts'

const { Types } = mysql
const numbers = new Set<number>([
  Types.TINY,
  Types.SHORT,
  Types.INT24,
  Types.LONG,
  Types.LONGLONG,
  Types.DECIMAL,
  Types.NEWDECIMAL,
])
const times = new Set<number>([Types.DATE, Types.DATETIME, Types.TIMESTAMP])

/** Every value as the server writes it: a bigint keeps its digits, a date that is none (0000-00-00) stays. */
const typeCast = (field: TypeCastField) => field.string('utf8')

/** Opens a MySQL or MariaDB for reading. Throws `outbound-refused`, `source-unreachable`, `source-login`, `source-database`, `source-tls`. */
export async function openMysqlSource(settings: DatabaseRequest, policy: ConnectPolicy): Promise<OpenSource> {
  const { host, port, database, user, password, tls } = settings
  policy.checkHost(host, port)
  let open = false
  const connection = mysql.createConnection({
    host,
    port,
    user,
    password,
    database: database || undefined,
    // The server turns columns in latin1 or GBK into this.
    charset: 'utf8mb4',
    ssl: tls === 'off' ? undefined : { rejectUnauthorized: tls === 'verify', verifyIdentity: tls === 'verify' },
    stream: () => new PolicedSocket(policy).connect(port, host),
    connectTimeout: 15_000,
    // No statement of ours loads a file; a server that asks for one is up to no good.
    flags: ['-LOCAL_FILES'],
    typeCast,
    rowsAsArray: true,
  })
  const told = (error: unknown) => toSourceError(error, settings, open)
  // A connection that breaks between two statements tells the next one.
  connection.on('error', () => {})
  const ask = (sql: string, values: unknown[] = []) =>
    new Promise<{ rows: (string | null)[][]; fields: FieldPacket[] }>((resolve, reject) => {
      connection.query(sql, values, (error, rows, fields) =>
        error ? reject(error) : resolve({ rows: rows as (string | null)[][], fields }),
      )
    })
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    const { rows } = await ask('select version()')
    // Quotes mean what `checkStatement` takes them for; times are said in UTC; a slow reader is waited for.
    await ask("set session sql_mode = '', time_zone = '+00:00', net_write_timeout = 600")
    await ask(
      /mariadb/iu.test(rows[0]?.[0] ?? '')
        ? 'set session max_statement_time = 3600'
        : 'set session max_execution_time = 3600000',
    )
  } catch (error) {
    connection.destroy()
    throw told(error)
  }
  open = true

  /** Rows one by one; the server waits while nobody takes them. */
  async function* stream(sql: string, { cursorColumn, signal }: ReadOptions): AsyncGenerator<SourceBatch> {
    const rows = connection.query(sql).stream({ highWaterMark: batchRows })
    let columns: { name: string; grows: boolean }[] = []
    let late: NodeJS.Timeout | undefined
    const begun = new Promise<void>((resolve, reject) => {
      rows.once('fields', (fields: FieldPacket[]) => {
        columns = fields.map(({ name, columnType }) => ({
          name,
          grows: numbers.has(columnType ?? -1) || times.has(columnType ?? -1),
        }))
        resolve()
      })
      rows.once('error', reject)
      const seconds = statementMs / 1_000
      late = setTimeout(() => reject(new BotloomError('source-timeout', { host, seconds })), statementMs)
    })
    const stop = () => rows.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    // The driver tells the connection that its line broke, and leaves who reads from it waiting.
    const broke = (error: Error) => void rows.destroy(error)
    connection.once('error', broke)
    try {
      await begun
      clearTimeout(late)
      const column = columns.findIndex(({ name }) => name === cursorColumn)
      let batch: SourceBatch['rows'] = []
      for await (const row of rows as AsyncIterable<(string | null)[]>) {
        batch.push({
          values: Object.fromEntries(columns.flatMap(({ name }, at) => (row[at] === null ? [] : [[name, row[at]!]]))),
          at: row[column] ?? null,
        })
        if (batch.length < batchRows) continue
        yield { columns, rows: batch }
        batch = []
      }
      yield { columns, rows: batch }
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      connection.removeListener('error', broke)
    }
  }

  return {
    async tables() {
      try {
        const { rows } = await ask(
          `select table_schema, table_name, table_type, table_rows from information_schema.tables
           where table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')
             and (? = '' or table_schema = ?) order by 1, 2 limit 2000`,
          [database, database],
        )
        return rows.map(([schema, name, kind, estimate]) => ({
          schema: schema ?? '',
          name: name ?? '',
          kind: kind?.includes('VIEW') ? ('view' as const) : ('table' as const),
          rows: estimate === null || estimate === undefined ? null : Number(estimate),
        }))
      } catch (error) {
        throw told(error)
      }
    },

    async *read(query, options) {
      let whole = false
      try {
        await ask('start transaction with consistent snapshot, read only')
        const kinds = options.after === null ? [] : (await ask(toStatement(query, { ...options, most: 0 }))).fields
        const cursor = kinds.find(({ name }) => name === options.cursorColumn)
        if (options.after !== null && !cursor)
          throw new BotloomError('source-cursor', { column: options.cursorColumn ?? '' })
        yield* stream(toStatement(query, options, numbers.has(cursor?.columnType ?? -1)), options)
        whole = true
      } catch (error) {
        throw told(error)
      } finally {
        // What was not read to its end would stand before the next answer.
        if (whole) await ask('rollback').catch(() => {})
        else {
          open = false
          connection.destroy()
        }
      }
    },

    async close() {
      open = false
      connection.destroy()
    },
  }
}

const quoteName = (name: string) => `\`${name.replaceAll('`', '``')}\``

/** `number`: the cursor column holds numbers, which are compared as such: as a text, digits beyond 15 would be lost. */
function toStatement(query: SourceQuery, { cursorColumn, after, most }: Omit<ReadOptions, 'signal'>, number = false) {
  if (query.from !== 'table' && query.from !== 'statement') throw new BotloomError('source-kind')
  const rows =
    query.from === 'table'
      ? `${query.schema === '' ? '' : `${quoteName(query.schema)}.`}${quoteName(query.table)}`
      : `(\n${checkStatement(query.sql, 'mysql')}\n)`
  const column = cursorColumn === null ? '' : `botloom_source.${quoteName(cursorColumn)}`
  const text = after === null ? '' : `'${after.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
  const value = number && /^-?\d+(?:\.\d+)?$/u.test(after ?? '') ? after : text
  return [
    `select * from ${rows} as botloom_source`,
    column !== '' && after !== null ? `where ${column} >= ${value}` : '',
    column === '' ? '' : `order by ${column}`,
    `limit ${most}`,
  ].join(' ')
}

function toSourceError(error: unknown, { host, database, user }: DatabaseRequest, open: boolean): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error
  const code = 'code' in error ? String(error.code) : ''
  const detail = error.message.slice(0, 300)
  if (/^ER_(?:ACCESS_DENIED|NOT_SUPPORTED_AUTH_MODE|HOST_NOT_PRIVILEGED)|^AUTH_SWITCH/u.test(code) && !open)
    return code === 'ER_HOST_NOT_PRIVILEGED'
      ? new BotloomError('source-denied', { detail })
      : new BotloomError('source-login', { host, user })
  if (code === 'ER_BAD_DB_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR')
    return new BotloomError('source-database', { host, database })
  if (/DENIED/u.test(code)) return new BotloomError('source-denied', { detail })
  if (code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_FIELD_ERROR' || code === 'ER_UNKNOWN_TABLE')
    return new BotloomError('source-table', { detail })
  if (code === 'ER_DUP_FIELDNAME')
    return new BotloomError('source-columns', { column: /'([^']*)'/u.exec(detail)?.[1] ?? '' })
  if (code === 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION') return new BotloomError('source-writes', { word: detail })
  if (/TIMEOUT_EXCEEDED|ER_QUERY_TIMEOUT|ER_STATEMENT_TIMEOUT/u.test(code))
    return new BotloomError('source-timeout', { host, seconds: 3_600 })
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT' || code === 'HANDSHAKE_SSL_ERROR')
    return new BotloomError('source-tls', { host, detail: code })
  if (/^PROTOCOL_|SERVER_SHUTDOWN|CONNECTION_KILLED|NORMAL_SHUTDOWN/u.test(code) || /closed state/u.test(detail))
    return new BotloomError(open ? 'source-lost' : 'source-unreachable', { host, detail: code || detail })
  return (
    connectFault(error, host, open) ?? (code.startsWith('ER_') ? new BotloomError('source-query', { detail }) : error)
  )
}
