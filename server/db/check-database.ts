import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { BotloomError } from '#kit'
import { reachPostgres } from './client.ts'
import { lockDataFolder } from './lock.ts'

/** `held`: a Botloom that runs now has it open, so it works; `absent`: the first start makes it. */
export type DatabaseState = 'answers' | 'held' | 'absent'

/** Looks at the store without making or migrating anything. Throws `database-unreachable`. */
export async function checkDatabase(options: { dataFolder: string; databaseUrl?: string }): Promise<DatabaseState> {
  if (options.databaseUrl) {
    await (await reachPostgres(options.databaseUrl, 1)).close()
    return 'answers'
  }
  const folder = join(options.dataFolder, 'database')
  if (!existsSync(join(folder, 'PG_VERSION'))) return 'absent'
  let unlock: () => Promise<void>
  try {
    unlock = await lockDataFolder(options.dataFolder)
  } catch (error) {
    if (error instanceof BotloomError && error.code === 'data-folder-in-use') return 'held'
    throw error
  }
  try {
    const pglite = new PGlite(folder)
    await pglite.query('select 1')
    await pglite.close()
    return 'answers'
  } catch (error) {
    throw new BotloomError('database-unreachable', { detail: (error as Error).message }, { cause: error })
  } finally {
    await unlock()
  }
}
