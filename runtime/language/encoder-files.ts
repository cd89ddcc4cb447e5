import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BotloomError } from '#kit'
import { parseSafetensors, type Weight } from './safetensors.ts'

/** The small files of an encoder, config first: it alone tells whether the rest is worth fetching. */
export const frameFiles = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'modules.json',
  '1_Pooling/config.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
] as const

export const weightsFile = 'model.safetensors'
/** Says which of several files holds which weight, where one would be too large. */
export const weightsIndex = 'model.safetensors.index.json'

const index = z.object({ weight_map: z.record(z.string(), z.string()) })
const shardName = /^[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors$/

/**
 * The files that an index names, sorted. `source` names the index in errors. Throws `weights-unreadable`, also for a name
 * that would lead out of the folder.
 */
export function shardsOf(bytes: Uint8Array, source: string): string[] {
  return [...new Set(weightMap(bytes, source).values())].sort()
}

function weightMap(bytes: Uint8Array, source: string): Map<string, string> {
  const fail = (detail: string): BotloomError => new BotloomError('weights-unreadable', { file: source, detail })
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw fail('it is not JSON')
  }
  const parsed = index.safeParse(json)
  if (!parsed.success) throw fail('weight_map is missing')
  const map = new Map(Object.entries(parsed.data.weight_map))
  for (const file of map.values()) if (!shardName.test(file)) throw fail(`${JSON.stringify(file)} is no file name`)
  return map
}

/** The files that hold a folder's weights, in the order in which they are hashed; empty when there are none. */
export async function weightFilesOf(folder: string, source: string): Promise<string[]> {
  if (await isFile(join(folder, weightsFile))) return [weightsFile]
  const bytes = await readFile(join(folder, weightsIndex)).catch(() => undefined)
  return bytes ? [weightsIndex, ...shardsOf(bytes, `${source}/${weightsIndex}`)] : []
}

/**
 * All weights of the given files, under the names that the files use. Throws `weights-unreadable`, also when a file lacks
 * a weight that the index promises.
 */
export function parseWeightFiles(files: ReadonlyMap<string, Uint8Array>, source: string): Map<string, Weight> {
  const bytes = files.get(weightsFile)
  if (bytes) return parseSafetensors(bytes, `${source}/${weightsFile}`)
  const weights = new Map<string, Weight>()
  const found = new Map<string, ReadonlyMap<string, Weight>>()
  for (const [name, file] of weightMap(files.get(weightsIndex)!, `${source}/${weightsIndex}`)) {
    const shard = found.get(file) ?? parseSafetensors(files.get(file) ?? new Uint8Array(), `${source}/${file}`)
    found.set(file, shard)
    const weight = shard.get(name)
    // Integer tensors are left out by the reader; a weight that is truly missing is named when it is needed.
    if (weight) weights.set(name, weight)
  }
  return weights
}

/** Whether a folder looks like an encoder; `loadEncoder` tells whether it is one. */
export async function isEncoder(folder: string): Promise<boolean> {
  if (!(await isFile(join(folder, 'config.json')))) return false
  return (await isFile(join(folder, weightsFile))) || (await isFile(join(folder, weightsIndex)))
}

/**
 * Why the files of a folder or repository hold no weights for us: they are pickled, or in GGUF. Undefined when there is
 * nothing of either.
 */
export function refuseWeights(files: readonly string[], encoder: string): BotloomError | undefined {
  const gguf = files.find((file) => file.endsWith('.gguf'))
  const pickle = files.find((file) => /^pytorch_model.*\.(?:bin|index\.json)$|\.(?:pt|pth|ckpt)$/.test(file))
  if (pickle) return new BotloomError('encoder-pickled', { encoder, file: pickle })
  if (gguf) return new BotloomError('encoder-gguf', { encoder, file: gguf })
  return undefined
}

/** `refuseWeights` of a folder. */
export async function refuseFolder(folder: string, encoder: string): Promise<BotloomError | undefined> {
  return refuseWeights(await readdir(folder).catch(() => []), encoder)
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false
}
