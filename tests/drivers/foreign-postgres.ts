import pg from 'pg'

/** Somebody else's database on the PostgreSQL of this machine, with a user who may read only. */
export interface ForeignPostgres {
  host: string
  port: number
  database: string
  user: string
  password: string
  query<T extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>
  /** Ends every connection of the reader, as a restart of the server would. */
  stop(): Promise<void>
}

const serverUrl = new URL(process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres')

/** Null where no PostgreSQL answers. */
export async function foreignPostgres(): Promise<ForeignPostgres | null> {
  const admin = new pg.Client({ connectionString: serverUrl.href, connectionTimeoutMillis: 2_000 })
  try {
    await admin.connect()
  } catch {
    return null
  }
  const name = `botloom_foreign_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  const password = "p'w “秘密”"
  await admin.query(`create database ${name}`)
  await admin.query(`create role ${name} login password ${pg.escapeLiteral(password)}`)
  const own = new URL(serverUrl)
  own.pathname = `/${name}`
  const client = new pg.Client({ connectionString: own.href })
  await client.connect()
  await client.query(`alter default privileges in schema public grant select on tables to ${name}`)
  return {
    host: serverUrl.hostname,
    port: Number(serverUrl.port || 5432),
    database: name,
    user: name,
    password,
    async query<T extends pg.QueryResultRow>(sql: string, values?: unknown[]) {
      return (await client.query<T>(sql, values)).rows
    },
    async stop() {
      await client.end()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.query(`drop role if exists ${name}`)
      await admin.end()
    },
  }
}
