import pg from 'pg'
import { describe } from 'vitest'
import { type OpenDatabase, openPostgres } from '#server/db/client.ts'
import { openThrowAway } from '#server/db/image.ts'
import { migrateDatabase } from '#server/db/migrate.ts'
import { bots } from '#server/db/schema/bots.ts'

/** A migrated embedded database in memory; no test runs initdb. */
export const embeddedDatabase = openThrowAway

/** A fresh database on the PostgreSQL of this machine, or null where none answers. Dropped on close. */
export async function postgresDatabase(): Promise<(OpenDatabase & { url: string }) | null> {
  const server = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const admin = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2000 })
  try {
    await admin.connect()
  } catch {
    return null
  }
  const name = `botloom_test_${process.pid}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 7)}`
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const database = openPostgres(url.href)
  await migrateDatabase(database)
  return {
    ...database,
    url: url.href,
    async close() {
      await database.close()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
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
  describe.skipIf(!reachable)(`${name} (PostgreSQL)`, () =>
    tests(async () => {
      const database = await postgresDatabase()
      if (!database) throw new Error('PostgreSQL went away')
      return database
    }),
  )
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
