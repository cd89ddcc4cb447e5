import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import pg from 'pg'
import { BotloomError } from '#kit'
import { initEmbedded } from './init-embedded.ts'
import { listenPostgres } from './listen-postgres.ts'
import { lockDataFolder } from './lock.ts'
import { migrateDatabase } from './migrate.ts'
import { preparedPglite } from './prepared-pglite.ts'

/** drizzle over either database; repositories know no more than this. */
export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

/** Our own store, open and migrated. */
export interface OpenDatabase {
  kind: 'pglite' | 'postgres'
  db: Database
  /** One statement with `$1` parameters. */
  query<T = Record<string, unknown>>(text: string, params?: unknown[]): Promise<T[]>
  /** The same for one that is said all the time, such as a turn of a conversation: parsed and planned once a connection. */
  prepared<T = Record<string, unknown>>(text: string, params?: unknown[]): Promise<T[]>
  /**
   * Calls `heard` with each payload notified on a channel; the answer stops listening. `missed` is called after a connection broke
   * and was made again: what was notified meanwhile is lost.
   */
  listen(channel: string, heard: (payload: string) => void, missed?: () => void): Promise<() => Promise<void>>
  notify(channel: string, payload: string): Promise<void>
  /** The driver, for pg-boss. */
  driver: { kind: 'pglite'; pglite: PGlite } | { kind: 'postgres'; pool: pg.Pool }
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Holds the embedded database and the lock; made where it is missing. */
  dataFolder: string
  /** `postgres://...` uses that server instead of the embedded database. */
  databaseUrl?: string
  poolSize?: number
}

/**
 * Opens and migrates the store. Throws `data-folder-in-use` when another process holds the folder, `database-unreachable`
 * when a PostgreSQL does not answer.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  // Conversations and sessions are nobody else's to read.
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 })
  const unlock = await lockDataFolder(options.dataFolder)
  try {
    const database = options.databaseUrl
      ? await reachPostgres(options.databaseUrl, options.poolSize)
      : await openEmbedded(join(options.dataFolder, 'database'))
    await migrateDatabase(database)
    return {
      ...database,
      async close() {
        await database.close()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** The embedded database over a folder that was initialised before, or over memory with `loadDataDir`. */
export function wrapPglite(pglite: PGlite): OpenDatabase {
  return {
    kind: 'pglite',
    // Both drivers extend PgDatabase; only the shape of a raw result differs, which nobody above this file sees.
    db: drizzlePglite(pglite) as unknown as Database,
    query: async <T>(text: string, params?: unknown[]) => (await pglite.query<T>(text, params)).rows,
    prepared: preparedPglite(pglite),
    async listen(channel, heard) {
      return pglite.listen(channel, heard)
    },
    async notify(channel, payload) {
      await pglite.query('select pg_notify($1, $2)', [channel, payload])
    },
    driver: { kind: 'pglite', pglite },
    close: () => pglite.close(),
  }
}

async function openEmbedded(folder: string): Promise<OpenDatabase> {
  await initEmbedded(folder)
  const pglite = new PGlite(folder, { relaxedDurability: true })
  await pglite.waitReady
  return wrapPglite(pglite)
}

/** Throws `database-unreachable`. */
export async function reachPostgres(url: string, poolSize?: number): Promise<OpenDatabase> {
  const database = openPostgres(url, poolSize)
  try {
    await database.query('select 1')
    return database
  } catch (error) {
    await database.close()
    const detail = error instanceof AggregateError ? String(error.errors[0]) : (error as Error).message
    throw new BotloomError('database-unreachable', { detail }, { cause: error })
  }
}

export function openPostgres(url: string, poolSize = 10): OpenDatabase {
  const pool = new pg.Pool({ connectionString: url, max: poolSize })
  // A connection that breaks while idle must not end the process; the next query opens another one.
  pool.on('error', () => {})
  return {
    kind: 'postgres',
    db: drizzlePostgres(pool) as unknown as Database,
    query: async <T>(text: string, params?: unknown[]) => (await pool.query(text, params)).rows as T[],
    prepared: async <T>(text: string, values?: unknown[]) =>
      (await pool.query({ name: statementName(text), text, values })).rows as T[],
    listen: (channel, heard, missed) => listenPostgres(url, channel, heard, missed),
    async notify(channel, payload) {
      await pool.query('select pg_notify($1, $2)', [channel, payload])
    },
    driver: { kind: 'postgres', pool },
    close: () => pool.end(),
  }
}

const names = new Map<string, string>()
/** A name that no other statement has; PostgreSQL cuts names at 63 bytes. */
function statementName(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return name
}
