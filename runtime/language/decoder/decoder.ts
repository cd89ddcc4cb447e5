import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { BotloomError } from '#kit'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { parseWeightFiles, refuseFolder, weightFilesOf } from '../encoder-files.ts'
import type { Weight, Weights } from '../safetensors.ts'
import { type DecoderConfig, decoderShapes, parseDecoderConfig } from './decoder-config.ts'

/** What a decoder reads and writes. */
export interface DecoderTokens {
  /** Stands between question and answer, and ends an answer. */
  endId: number
  encode(text: string): number[]
  /** Special tokens are left out. */
  decode(ids: readonly number[]): string
}

/** A causal decoder of the GPT-2 family in memory. */
export interface Decoder extends DecoderFrame {
  weights: Weights
}

/** What a decoder needs besides its weights. */
export interface DecoderFrame {
  name: string
  folder: string
  /** SHA-256 of its files. */
  hash: string
  config: DecoderConfig
  tokens: DecoderTokens
}

export const decoderFiles = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
] as const

/** Words that stand for the end where neither config names one: those of GPT-2 and of decoders with BERT's vocabulary. */
const endings = ['<|endoftext|>', '</s>', '[SEP]', '<eos>']

/**
 * Loads a decoder from a folder in Hugging Face layout. Throws `decoder-is-encoder`, `decoder-unsupported`, `encoder-unreadable` (a file is missing or lies),
 * `weights-unreadable`, `encoder-pickled` or `encoder-gguf`.
 */
export async function loadDecoder(folder: string, name = basename(folder)): Promise<Decoder> {
  const weightFiles = await weightFilesOf(folder, name)
  const frame = await loadDecoderFrame(folder, name, weightFiles)
  if (weightFiles.length === 0)
    throw (await refuseFolder(folder, name)) ?? unreadable(name, 'model.safetensors is missing')
  const bytes = new Map<string, Uint8Array>()
  for (const file of weightFiles) bytes.set(file, await readFile(join(folder, file)))
  return { ...frame, weights: bareWeights(parseWeightFiles(bytes, name), frame.config, name) }
}

/** Everything but the weights, for those who run a deployed graph. `hashed` names further files that count in the hash. */
export async function loadDecoderFrame(
  folder: string,
  name = basename(folder),
  hashed: readonly string[] = [],
): Promise<DecoderFrame> {
  const hash = createHash('sha256')
  const json: Record<string, object> = {}
  for (const file of [...decoderFiles, ...hashed]) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    if (!bytes) continue
    hash.update(`${file}\0${bytes.length}\0`).update(bytes)
    if (file.endsWith('.safetensors') || hashed.includes(file)) continue
    try {
      json[file] = JSON.parse(bytes.toString('utf8'))
    } catch {
      throw unreadable(name, `${file} is not JSON`)
    }
  }
  for (const file of ['config.json', 'tokenizer.json']) if (!json[file]) throw unreadable(name, `${file} is missing`)
  const config = parseDecoderConfig(json['config.json']!, name)
  const tokens = createTokens(json['tokenizer.json']!, json['tokenizer_config.json'] ?? {}, config, name)
  return { name, folder, hash: hash.digest('hex'), config, tokens }
}

const unreadable = (encoder: string, detail: string): BotloomError =>
  new BotloomError('encoder-unreadable', { encoder, detail })

function createTokens(json: object, settings: object, config: DecoderConfig, name: string): DecoderTokens {
  let tokenizer: Tokenizer
  try {
    tokenizer = new Tokenizer(json, settings)
  } catch (error) {
    throw unreadable(name, `tokenizer.json: ${error instanceof Error ? error.message : String(error)}`)
  }
  let largest = 0
  for (const id of tokenizer.get_vocab().values()) largest = Math.max(largest, id)
  if (largest >= config.vocab_size)
    throw unreadable(name, `tokenizer.json gives the id ${largest}, the model has ${config.vocab_size} words`)
  const named = endings.map((word) => tokenizer.token_to_id(word)).find((id) => id !== undefined)
  const endId = config.eos_token_id ?? named
  if (endId === undefined || endId >= config.vocab_size) throw unreadable(name, 'no token ends an answer')
  return {
    endId,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
  }
}

/** Weights under the names of a bare model; masks that old exports carry are left out. */
function bareWeights(weights: Weights, config: DecoderConfig, name: string): Map<string, Weight> {
  const own = new Map([...weights].map(([key, weight]) => [key.replace(/^transformer\./, ''), weight]))
  const bare = new Map<string, Weight>()
  for (const [key, shape] of decoderShapes(config)) {
    const weight = own.get(key)
    if (!weight) throw unreadable(name, `the weight ${key} is missing`)
    if (weight.shape.join() !== shape.join())
      throw unreadable(name, `${key} has the shape ${weight.shape.join(' x ')}, not ${shape.join(' x ')}`)
    bare.set(key, weight)
  }
  return bare
}

/** The weights as tensors of a program. */
export const decoderConstants = (weights: Weights): HostTensors =>
  Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, floats(shape, data)]))
