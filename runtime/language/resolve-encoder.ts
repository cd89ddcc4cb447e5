import { readdir } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { BotloomError, type LanguageModelKind } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { isEncoder, refuseFolder } from './encoder-files.ts'
import { downloadEncoder } from './hub.ts'

/** The encoder that comes with Botloom: Chinese and English, no network needed. */
export const builtinEncoder = 'botloom-zh-en'

export interface ResolveOptions {
  /** Where a person puts encoders and where hub models are kept. */
  modelsFolder: string
  /** Honour absolute and relative paths: the command line only, never a value from a document. */
  allowPaths?: boolean
  /** What a hub model must be; default is an encoder. */
  kind?: LanguageModelKind
  signal?: AbortSignal
}

const folderName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/
const hubId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/

/** Names that lead to an encoder without the network: the built-in one, folders of the models folder, what came from the hub. */
export async function listEncoders(modelsFolder: string): Promise<string[]> {
  const foldersOf = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name)
    const whole = await Promise.all(names.map((name) => isEncoder(join(folder, name))))
    // A download that was killed leaves its `.part`.
    return names.filter((name, i) => whole[i] && !name.endsWith('.part')).sort()
  }
  const own = (await foldersOf(modelsFolder)).filter((name) => folderName.test(name))
  const fromHub = (await foldersOf(join(modelsFolder, 'hub'))).map((name) => name.replace('--', '/')).filter(isHubId)
  return [builtinEncoder, ...own, ...fromHub]
}

/** Whether a name is one of the hub's, `owner/model`; a path never is. */
export function isHubId(name: string): boolean {
  return hubId.test(name)
}

/**
 * Folder of an encoder by name: the built-in one, a folder inside the models folder, a hub id (`owner/model`, fetched
 * once) or, with `allowPaths`, a path. Throws `unknown-encoder`, `encoder-path-refused`, `encoder-pickled`,
 * `encoder-gguf`, or what `downloadEncoder` throws.
 */
export async function resolveEncoder(name: string, options: ResolveOptions): Promise<string> {
  if (name === builtinEncoder) return join(projectRoot, 'runtime', 'language', 'builtin', builtinEncoder)
  if (options.allowPaths && (isAbsolute(name) || /^\.{1,2}(?:[/\\]|$)/.test(name))) {
    const path = resolve(name)
    return folderOf(path, name)
  }
  if (isAbsolute(name) || name.split(/[/\\]/).some((part) => part === '' || part.startsWith('.'))) {
    throw new BotloomError('encoder-path-refused', { encoder: name })
  }
  if (folderName.test(name)) {
    return folderOf(join(options.modelsFolder, name), name)
  }
  if (isHubId(name)) return downloadEncoder(name, options)
  throw new BotloomError('unknown-encoder', { encoder: name })
}

async function folderOf(folder: string, name: string): Promise<string> {
  if (await isEncoder(folder)) return folder
  throw (await refuseFolder(folder, name)) ?? new BotloomError('unknown-encoder', { encoder: name })
}
