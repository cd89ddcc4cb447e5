import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#runtime/project-root.ts'

const script = `import { PGlite } from '@electric-sql/pglite'
const pglite = new PGlite(process.argv[1])
await pglite.waitReady
await pglite.close()`

/**
 * Makes the embedded database's folder in a process that exits: initdb takes up to a gigabyte of WebAssembly memory, which a
 * process never gives back. The folder appears whole or not at all.
 */
export async function initEmbedded(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  const fresh = `${folder}.new`
  await rm(fresh, { recursive: true, force: true })
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, fresh], { cwd: projectRoot })
  await rm(folder, { recursive: true, force: true })
  await rename(fresh, folder)
}
