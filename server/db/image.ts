import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { projectRoot } from '#runtime/project-root.ts'
import { type OpenDatabase, wrapPglite } from './client.ts'
import { migrateDatabase, migrationsFolder } from './migrate.ts'

const cache = join(projectRoot, 'node_modules', '.cache', 'botloom')

/**
 * A migrated embedded database in memory. It is cloned from an image that is made once a schema, since initdb takes seconds: what
 * the command line's throw-away runs and the tests start from.
 */
export async function openThrowAway(): Promise<OpenDatabase> {
  const file = join(cache, `database-${schemaHash()}.tar`)
  const image = readImage(file) ?? (await makeImage(file))
  const pglite = new PGlite({ loadDataDir: new Blob([new Uint8Array(image)]), relaxedDurability: true })
  await pglite.waitReady
  return wrapPglite(pglite)
}

async function makeImage(file: string): Promise<Uint8Array> {
  const pglite = new PGlite()
  await pglite.waitReady
  const database = wrapPglite(pglite)
  await migrateDatabase(database)
  const image = new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer())
  await database.close()
  try {
    mkdirSync(cache, { recursive: true })
    // Two processes may make it at once: each writes its own file, the last name wins, both are the same.
    writeFileSync(`${file}.${process.pid}`, image)
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A read-only installation has no cache; the next start makes the image again.
  }
  return image
}

/** Names the schema: a hash of all migrations. */
export function schemaHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrationsFolder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(migrationsFolder, name)))
  return hash.digest('hex').slice(0, 16)
}

function readImage(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
