import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BotloomError, type RecordAccess } from '#kit'
import { hashOf } from '#runtime/graph/canonical.ts'
import { resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import { readRecords } from '#server/data/read-records.ts'
import { toDatasetRows } from '#server/data/to-rows.ts'

/** Records for a run of the command line: files by path, as only this process may read them. `sets` answers for a template's sets. */
export function fileRecords(sets: RecordAccess['set']): RecordAccess {
  return {
    set: sets,
    async file(path, columns) {
      return toDatasetRows(await readRecords(await bytesOf(path), path), path, columns)
    },
    upload: async (path) => ({ name: basename(path), bytes: await bytesOf(path) }),
  }
}

const bytesOf = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => {
    throw new BotloomError('file-missing', { file: path })
  })

/** Hash of what a path or an encoder's name leads to now. */
export async function contentOfPath(
  ref: 'set' | 'file' | 'encoder',
  value: string,
  modelsFolder: string,
): Promise<string> {
  if (ref === 'set') return value
  if (ref === 'file') return digest(value)
  const folder = await resolveEncoder(value, { modelsFolder, allowPaths: true })
  // Weights are large and never change in place: their name, size and time stand for their bytes.
  const weights = await stat(join(folder, 'model.safetensors'))
  return hashOf([folder, weights.size, weights.mtimeMs])
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch {
    throw new BotloomError('file-missing', { file: path })
  }
  return hash.digest('hex')
}
