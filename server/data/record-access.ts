import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordAccess } from '#kit'
import { isHubId, resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import type { FileStore } from './file-store.ts'
import { readRecords } from './read-records.ts'
import type { SetStore } from './set-store.ts'
import { toDatasetRows } from './to-rows.ts'

/** The records of a workspace, as blocks of the Learn half read them. */
export function createRecordAccess(deps: { sets: SetStore; files: FileStore }, workspace: string): RecordAccess {
  return {
    set: (id) => deps.sets.records(workspace, id),
    async file(ref, columns) {
      const { name, bytes } = await deps.files.read(workspace, ref)
      return toDatasetRows(await readRecords(bytes, name), name, columns)
    },
    upload: (ref) => deps.files.read(workspace, ref),
  }
}

/** Hash of what a reference in a config leads to now: what makes a block stale. */
export function createContentOf(deps: { sets: SetStore; files: FileStore; modelsFolder: string }) {
  const encoders = new Map<string, string>()
  return async (workspace: string, ref: 'set' | 'file' | 'encoder', value: string): Promise<string> => {
    if (ref === 'set') return deps.sets.contentHash(workspace, value)
    if (ref === 'file') return deps.files.hash(workspace, value)
    const known = encoders.get(value)
    if (known) return known
    const hash = await encoderHash(value, deps.modelsFolder)
    encoders.set(value, hash)
    return hash
  }
}

/** Names, sizes and configs tell encoders apart; hashing hundreds of megabytes of weights at each look would not do. */
async function encoderHash(name: string, modelsFolder: string): Promise<string> {
  // A hub id says which weights it means; it must not be downloaded because somebody looks at a canvas.
  if (isHubId(name)) return createHash('sha256').update(`hub ${name}`).digest('hex')
  const folder = await resolveEncoder(name, { modelsFolder })
  const hash = createHash('sha256')
  for (const file of (await readdir(folder)).sort()) {
    const info = await stat(join(folder, file))
    if (!info.isFile()) continue
    hash.update(`${file} ${info.size}\n`)
    if (file === 'config.json') hash.update(await readFile(join(folder, file)))
  }
  return hash.digest('hex')
}
