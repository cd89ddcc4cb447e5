import pg from 'pg'
import { afterAll, describe } from 'vitest'
import { type OpenDatabase, openPostgres } from '#server/db/client.ts'
import { openThrowAway, schemaHash } from '#server/db/image.ts'
import { migrateDatabase } from '#server/db/migrate.ts'
import { bots } from '#server/db/schema/bots.ts'

/** A migrated, empty embedded database in memory; no test runs initdb, and a closed one is emptied for the next who asks. */
export const embeddedDatabase = reused(openThrowAway).open

const serverUrl = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const templates = 'botloom_template_'

/** A fresh database on the PostgreSQL of this machine, or null where none answers. Dropped on close. */
export async function postgresDatabase(): Promise<(OpenDatabase & { url: string }) | null> {
  const admin = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 2000 })
  try {
    await admin.connect()
  } catch {
    return null
  }
  const name = `botloom_test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 7)}`
  await admin.query(`create database ${name} template ${await migratedTemplate(admin)}`)
  // No test pulls the plug of the database's machine.
  await admin.query(`alter database ${name} set synchronous_commit = off`)
  const url = databaseUrl(name)
  const database = openPostgres(url)
  return {
    ...database,
    url,
    async close() {
      await database.close()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

function databaseUrl(name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** A migrated database that others are copied from, made once a schema; those of former schemas go. */
async function migratedTemplate(admin: pg.Client): Promise<string> {
  const name = `${templates}${schemaHash()}`
  const known = async () => (await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1
  if (await known()) return name
  // Test files run side by side: one makes it, the others wait.
  await admin.query('select pg_advisory_lock(hashtext($1))', [templates])
  try {
    if (await known()) return name
    const { rows } = await admin.query('select datname from pg_database where starts_with(datname, $1)', [templates])
    for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`)
    const making = `${name}_making`
    await admin.query(`create database ${making}`)
    const database = openPostgres(databaseUrl(making))
    await migrateDatabase(database)
    await database.close()
    await admin.query(`alter database ${making} rename to ${name}`)
    return name
  } finally {
    await admin.query('select pg_advisory_unlock(hashtext($1))', [templates])
  }
}

/** Opening a database takes seconds of the processor, emptying it a thousandth of that: one that was closed is lent again. */
function reused(open: () => Promise<OpenDatabase>) {
  const idle: OpenDatabase[] = []
  return {
    async open(): Promise<OpenDatabase> {
      const database = idle.pop() ?? (await open())
      const deafen: (() => Promise<void>)[] = []
      return {
        ...database,
        async listen(...given) {
          const stop = await database.listen(...given)
          deafen.push(stop)
          return stop
        },
        async close() {
          for (const stop of deafen) await stop()
          await empty(database)
          idle.push(database)
        },
      }
    },
    async end(): Promise<void> {
      for (const database of idle.splice(0)) await database.close()
    },
  }
}

/** As it was after its migrations: no rows, counters at their start, no queue. */
async function empty(database: OpenDatabase): Promise<void> {
  await database.query(`do $$ declare one record; begin
    set local client_min_messages = warning;
    set local session_replication_role = replica;
    drop schema if exists pgboss cascade;
    for one in select tablename from pg_tables where schemaname = 'public' loop
      execute format('delete from %I', one.tablename);
    end loop;
    for one in select sequencename from pg_sequences where schemaname = 'public' and last_value is not null loop
      perform setval(one.sequencename::regclass, 1, false);
    end loop;
  end $$`)
}

/** A bot's row and nothing more, for tests of what hangs on one. */
export async function addBot(database: Pick<OpenDatabase, 'db'>, workspaceId: string, id: string): Promise<void> {
  await database.db.insert(bots).values({ id, workspaceId, slug: id, name: id })
}

/**
 * Runs the same tests on the embedded database and on PostgreSQL. `open` is called in each test that wants a store of
 * its own; where no PostgreSQL answers, its half says loudly that it was skipped.
 */
export function describeOnEachDatabase(name: string, tests: (open: () => Promise<OpenDatabase>) => void): void {
  describe(`${name} (embedded)`, () => tests(embeddedDatabase))
  const reachable = process.env.TEST_DATABASE_URL !== undefined || answers
  if (!reachable)
    console.warn(`SKIPPED: "${name}" on PostgreSQL: none answers on 127.0.0.1:5432; set TEST_DATABASE_URL`)
  describe.skipIf(!reachable)(`${name} (PostgreSQL)`, () => {
    const databases = reused(async () => {
      const database = await postgresDatabase()
      if (!database) throw new Error('PostgreSQL went away')
      return database
    })
    afterAll(databases.end)
    tests(databases.open)
  })
}

const answers = await postgresAnswers()

export async function postgresAnswers(): Promise<boolean> {
  const client = new pg.Client({
    connectionString: 'postgres://postgres@127.0.0.1:5432/postgres',
    connectionTimeoutMillis: 1500,
  })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
