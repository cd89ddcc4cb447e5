import { join } from 'node:path'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { projectRoot } from '#runtime/project-root.ts'
import type { OpenDatabase } from './client.ts'

export const migrationsFolder = join(projectRoot, 'migrations', 'sql')

/** Brings the schema up to date; the same files for both databases. A second call changes nothing. */
export async function migrateDatabase(database: OpenDatabase): Promise<void> {
  const migrate = database.kind === 'pglite' ? migratePglite : migratePostgres
  // Each migrator asks for its own driver's class; `kind` says which one this is.
  await migrate(database.db as never, { migrationsFolder })
}
