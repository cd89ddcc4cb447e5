import { BotloomError } from '#kit'
import { streamEntry, unfoldEntry, type ZipEntry, ZipFault, zipEntries } from '#runtime/language/documents/read-zip.ts'

/** Bytes that a file of an archive may unfold to in memory, and a streamed one on its way through. */
const longestFile = 256 * 2 ** 20
const longestStream = 2 * 2 ** 30
const mostFiles = 20_000

/**
 * A zip that somebody uploaded. What is in it is looked up by name and never written anywhere, so a name that climbs out of its folder
 * leads nowhere.
 */
export interface Archive {
  file: string
  names: string[]
  /** The whole of a file; null where there is none of that name. All of them together unfold to 512 MB at most. */
  bytes(name: string): Buffer | null
  stream(name: string): AsyncIterable<Buffer> | null
}

/** Throws `data-zip` for one that is damaged, `data-encrypted` for one with a password, `data-unfolds` for one made to grow. */
export function openArchive(bytes: Buffer, file: string): Archive {
  const entries = new Map<string, ZipEntry>()
  let left = 2 * longestFile
  return told(file, () => {
    for (const entry of zipEntries(bytes)) {
      if (entries.size === mostFiles) throw new BotloomError('data-unfolds', { file })
      // What macOS adds of its own.
      if (!/(?:^|\/)(?:__MACOSX\/|\.)/u.test(entry.name) && !entries.has(entry.name)) entries.set(entry.name, entry)
    }
    if ([...entries.values()].some((entry) => entry.locked)) throw new BotloomError('data-encrypted', { file })
    return {
      file,
      names: [...entries.keys()],
      bytes(name) {
        const entry = entries.get(name)
        if (!entry) return null
        return told(file, () => {
          const unfolded = unfoldEntry(bytes, entry, Math.min(longestFile, left))
          left -= unfolded.length
          return unfolded
        })
      },
      stream(name) {
        const entry = entries.get(name)
        return entry ? streamed(bytes, entry, file) : null
      },
    }
  })
}

async function* streamed(bytes: Buffer, entry: ZipEntry, file: string): AsyncGenerator<Buffer> {
  try {
    yield* streamEntry(bytes, entry, longestStream)
  } catch (error) {
    throw inWords(error, file)
  }
}

function told<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw inWords(error, file)
  }
}

function inWords(error: unknown, file: string): unknown {
  if (!(error instanceof ZipFault)) return error
  return error.tooLarge
    ? new BotloomError('data-unfolds', { file })
    : new BotloomError('data-zip', { file, detail: error.message })
}
