import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { describe } from 'vitest'
import { projectRoot } from '#runtime/project-root.ts'
import { type OpenDatabase, openPostgres, wrapPglite } from '#server/db/client.ts'
import { migrateDatabase, migrationsFolder } from '#server/db/migrate.ts'

const cache = join(projectRoot, 'node_modules', '.cache', 'botloom')

/** A migrated embedded database in memory, cloned from an image that is made once a schema: no test runs initdb. */
export async function embeddedDatabase(): Promise<OpenDatabase> {
  const file = join(cache, `database-${schemaHash()}.tar`)
  const image = read(file) ?? (await makeImage(file))
  const pglite = new PGlite({ loadDataDir: new Blob([new Uint8Array(image)]), relaxedDurability: true })
  await pglite.waitReady
  return wrapPglite(pglite)
}

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

async function postgresAnswers(): Promise<boolean> {
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

async function makeImage(file: string): Promise<Uint8Array> {
  const pglite = new PGlite()
  await pglite.waitReady
  const database = wrapPglite(pglite)
  await migrateDatabase(database)
  const image = new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer())
  await database.close()
  mkdirSync(cache, { recursive: true })
  // Two test processes may make it at once: each writes its own file, the last name wins, both are the same.
  writeFileSync(`${file}.${process.pid}`, image)
  renameSync(`${file}.${process.pid}`, file)
  return image
}

function schemaHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrationsFolder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(migrationsFolder, name)))
  return hash.digest('hex').slice(0, 16)
}

function read(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
