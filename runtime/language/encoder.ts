import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BotloomError } from '#kit'
import type { EncoderConfig } from './encoder-config.ts'
import { frameFiles, parseWeightFiles, refuseFolder, weightFilesOf } from './encoder-files.ts'
import { parseEncoderConfig } from './families/parse-config.ts'
import type { Weights } from './safetensors.ts'
import { type Pooling, readSentenceModules, type SentenceRoles } from './sentence-modules.ts'
import { createTokenizer, type TextTokenizer } from './tokenizer.ts'
import { commonWeights } from './weight-names.ts'

/** A sentence encoder in memory. Weight names are those of a bare BERT (`embeddings.…`, `encoder.layer.0.…`). */
export interface Encoder {
  /** As it was asked for, for people and cards. */
  name: string
  folder: string
  /** SHA-256 of all that decides its vectors: config, tokenizer, pooling, prompt, weights. */
  hash: string
  config: EncoderConfig
  pooling: Pooling
  /** Whether sentence vectors are scaled to length 1. */
  normalize: boolean
  tokenizer: TextTokenizer
  /** What stands ahead of questions and of passages where they are told apart; the tokenizer then writes no prompt of its own. */
  roles: SentenceRoles
  weights: Weights
}

/** What an encoder needs besides its weights. */
export type EncoderFrame = Omit<Encoder, 'weights'>

export interface EncoderOptions {
  /** The tokenizer writes nothing ahead of a text: whoever reads it does, by `roles`. */
  unprompted?: boolean
}

/**
 * Loads an encoder from a folder in Hugging Face layout. Throws `encoder-unreadable` (a file is missing or lies),
 * `weights-unreadable`, `encoder-pickled`, `encoder-gguf`, or what `parseEncoderConfig` and `readSentenceModules` throw
 * for an architecture that is not ours.
 */
export async function loadEncoder(
  folder: string,
  name = basename(folder),
  options: EncoderOptions = {},
): Promise<Encoder> {
  const files = await readFiles(folder, frameFiles)
  if (!files.has('config.json')) throw (await refuseFolder(folder, name)) ?? missing(name, 'config.json')
  const weightFiles = await weightFilesOf(folder, name)
  const bytes = await readFiles(folder, weightFiles)
  const frame = parseFrame(files, bytes, folder, name, options)
  if (weightFiles.length === 0) throw (await refuseFolder(folder, name)) ?? missing(name, 'model.safetensors')
  for (const file of weightFiles) if (!bytes.has(file)) throw missing(name, file)
  return { ...frame, weights: commonWeights(parseWeightFiles(bytes, name), frame.config, name) }
}

/** Everything but the weights, for those who run a deployed graph; `hash` then tells nothing of the weights. */
export async function loadEncoderFrame(
  folder: string,
  name = basename(folder),
  options: EncoderOptions = {},
): Promise<EncoderFrame> {
  return parseFrame(await readFiles(folder, frameFiles), new Map(), folder, name, options)
}

const unreadable = (encoder: string, detail: string): BotloomError =>
  new BotloomError('encoder-unreadable', { encoder, detail })
const missing = (encoder: string, file: string): BotloomError => unreadable(encoder, `${file} is missing`)

async function readFiles(folder: string, names: readonly string[]): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const file of names) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    if (bytes) files.set(file, bytes)
  }
  return files
}

function parseFrame(
  files: ReadonlyMap<string, Buffer>,
  weights: ReadonlyMap<string, Buffer>,
  folder: string,
  name: string,
  { unprompted = false }: EncoderOptions,
): EncoderFrame {
  const json = (file: string): unknown => {
    const bytes = files.get(file)
    if (!bytes) return undefined
    try {
      return JSON.parse(bytes.toString('utf8'))
    } catch {
      throw unreadable(name, `${file} is not JSON`)
    }
  }
  const object = (file: string): object => {
    const value = json(file)
    if (value === undefined) throw missing(name, file)
    if (typeof value !== 'object' || value === null) throw unreadable(name, `${file} is not an object`)
    return value
  }
  const config = parseEncoderConfig(object('config.json'), name)
  const { pooling, normalize, prompt: own, roles, lowercase, maxLength } = readSentenceModules(json, name)
  const prompt = unprompted ? '' : own
  const tokenizerConfig = (json('tokenizer_config.json') as object | undefined) ?? {}
  return {
    name,
    folder,
    hash: hashOf(files, weights, { prompt, lowercase }),
    config,
    pooling,
    normalize,
    roles,
    tokenizer: createTokenizer(object('tokenizer.json'), tokenizerConfig, {
      maxLength: longestText(config, tokenizerConfig, maxLength),
      padId: config.pad_token_id,
      vocabulary: config.vocab_size,
      typeVocabulary: config.type_vocab_size,
      prompt,
      lowercase,
      source: name,
    }),
  }
}

/**
 * The file with the prompts is not hashed whole: a folder whose prompts are not used has the vectors that it has without
 * them, and keeps the hash (and with it the cached vectors) of the time when Botloom did not read them.
 */
function hashOf(
  files: ReadonlyMap<string, Buffer>,
  weights: ReadonlyMap<string, Buffer>,
  { prompt, lowercase }: { prompt: string; lowercase: boolean },
): string {
  const hash = createHash('sha256')
  for (const [file, bytes] of [...files, ...weights]) {
    if (file !== 'config_sentence_transformers.json') hash.update(`${file}\0${bytes.length}\0`).update(bytes)
  }
  if (prompt !== '' || lowercase) hash.update(JSON.stringify({ prompt, lowercase }))
  return hash.digest('hex')
}

function longestText(config: EncoderConfig, tokenizerConfig: object, sentences: number | undefined): number {
  const limits = [sentences, (tokenizerConfig as { model_max_length?: unknown }).model_max_length]
  return limits.reduce<number>(
    (least, limit) => (typeof limit === 'number' && limit > 2 ? Math.min(least, limit) : least),
    config.max_position_embeddings - config.first_position,
  )
}
