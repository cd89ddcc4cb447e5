import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { BotloomError } from '#kit'
import { parseSafetensors, type Weight, type Weights } from './safetensors.ts'
import { createTokenizer, type TextTokenizer } from './tokenizer.ts'

const count = z.number().int().positive()

/** What Botloom reads of `config.json` of a BERT-family model. */
export const encoderConfig = z.object({
  model_type: z.enum(['bert', 'roberta', 'xlm-roberta', 'camembert']),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count.max(96),
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: z.enum(['gelu', 'relu', 'gelu_new', 'gelu_pytorch_tanh']).default('gelu'),
  hidden_dropout_prob: z.number().min(0).max(1).default(0.1),
  attention_probs_dropout_prob: z.number().min(0).max(1).default(0.1),
  max_position_embeddings: count,
  type_vocab_size: count.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: z.number().int().min(0).default(0),
  position_embedding_type: z.literal('absolute').default('absolute'),
})
export type EncoderConfig = z.infer<typeof encoderConfig>
export type Pooling = 'mean' | 'cls'

/** A sentence encoder in memory. Weight names are those of a bare BERT (`embeddings.…`, `encoder.layer.0.…`). */
export interface Encoder {
  /** As it was asked for, for people and cards. */
  name: string
  folder: string
  /** SHA-256 of all that decides its vectors: config, tokenizer, pooling, weights. */
  hash: string
  config: EncoderConfig
  pooling: Pooling
  /** Whether sentence vectors are scaled to length 1. */
  normalize: boolean
  tokenizer: TextTokenizer
  weights: Weights
}

/** The files of an encoder that its vectors depend on, in the order in which they are hashed. */
export const encoderFiles = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'modules.json',
  '1_Pooling/config.json',
  'sentence_bert_config.json',
  'model.safetensors',
] as const

const pooling = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
})
const modules = z.array(z.object({ type: z.string() }))

/** What an encoder needs besides its weights. */
export type EncoderFrame = Omit<Encoder, 'weights'>

/**
 * Loads an encoder from a folder in Hugging Face layout. Throws `encoder-unreadable` (a file is missing or lies),
 * `encoder-unsupported` (another architecture) or `weights-unreadable`.
 */
export async function loadEncoder(folder: string, name = basename(folder)): Promise<Encoder> {
  const files = await readFiles(folder)
  const frame = parseFrame(files, folder, name)
  const bytes = files.get('model.safetensors')
  if (!bytes) throw unreadable(name, 'model.safetensors is missing')
  const weights = bareNames(parseSafetensors(bytes, `${name}/model.safetensors`))
  checkShapes(weights, frame.config, name)
  return { ...frame, weights }
}

/** Everything but the weights, for those who run a deployed graph; `hash` then tells nothing of the weights. */
export async function loadEncoderFrame(folder: string, name = basename(folder)): Promise<EncoderFrame> {
  return parseFrame(await readFiles(folder, ['model.safetensors']), folder, name)
}

const unreadable = (encoder: string, detail: string): BotloomError =>
  new BotloomError('encoder-unreadable', { encoder, detail })

async function readFiles(folder: string, except: readonly string[] = []): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const file of encoderFiles) {
    if (except.includes(file)) continue
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    if (bytes) files.set(file, bytes)
  }
  return files
}

function parseFrame(files: ReadonlyMap<string, Buffer>, folder: string, name: string): EncoderFrame {
  const hash = createHash('sha256')
  for (const [file, bytes] of files) hash.update(`${file}\0${bytes.length}\0`).update(bytes)
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
    if (value === undefined) throw unreadable(name, `${file} is missing`)
    if (typeof value !== 'object' || value === null) throw unreadable(name, `${file} is not an object`)
    return value
  }
  const config = parseConfig(object('config.json'), name)
  const poolingMode = pooling.safeParse(json('1_Pooling/config.json') ?? {})
  const parts = modules.safeParse(json('modules.json') ?? [])
  const tokenizerConfig = (json('tokenizer_config.json') as object | undefined) ?? {}
  const maxLength = longestText(config, tokenizerConfig, json('sentence_bert_config.json'))
  return {
    name,
    folder,
    hash: hash.digest('hex'),
    config,
    pooling: poolingMode.success && poolingMode.data.pooling_mode_cls_token ? 'cls' : 'mean',
    normalize: parts.success && parts.data.some((part) => part.type.endsWith('Normalize')),
    tokenizer: createTokenizer(object('tokenizer.json'), tokenizerConfig, maxLength, config.pad_token_id, name),
  }
}

function parseConfig(json: object, name: string): EncoderConfig {
  const parsed = encoderConfig.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const found = (json as Record<string, unknown>)[String(issue.path[0])]
    throw new BotloomError('encoder-unsupported', {
      encoder: name,
      detail: `${issue.path.join('.')} = ${JSON.stringify(found)}`,
    })
  }
  if (parsed.data.hidden_size % parsed.data.num_attention_heads !== 0) {
    throw new BotloomError('encoder-unsupported', {
      encoder: name,
      detail: 'hidden_size is not a multiple of num_attention_heads',
    })
  }
  return parsed.data
}

/** Positions of the RoBERTa family start behind the padding id; BERT's start at 0. */
export function firstPosition(config: EncoderConfig): number {
  return config.model_type === 'bert' ? 0 : config.pad_token_id + 1
}

function longestText(config: EncoderConfig, tokenizerConfig: object, sentenceConfig: unknown): number {
  const positions = config.max_position_embeddings - firstPosition(config)
  const limits = [
    (sentenceConfig as { max_seq_length?: unknown } | undefined)?.max_seq_length,
    (tokenizerConfig as { model_max_length?: unknown }).model_max_length,
  ]
  return limits.reduce<number>(
    (least, limit) => (typeof limit === 'number' && limit > 2 ? Math.min(least, limit) : least),
    positions,
  )
}

/** Older exports prefix names with the model's (`bert.`) and call a norm's parts gamma and beta. */
function bareNames(weights: Weights): Map<string, Weight> {
  const bare = new Map<string, Weight>()
  for (const [name, weight] of weights) {
    const short = name
      .replace(/^(?:bert|roberta|model|0\.auto_model)\./, '')
      .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/LayerNorm\.beta$/, 'LayerNorm.bias')
    if (/^(embeddings|encoder)\./.test(short)) bare.set(short, weight)
  }
  return bare
}

/** Name and shape of each weight that the forward pass needs. */
export function encoderShapes(config: EncoderConfig): Map<string, number[]> {
  const { hidden_size: hidden, intermediate_size: inner } = config
  const shapes = new Map<string, number[]>()
  const pair = (name: string, outputs: number, inputs?: number): void => {
    shapes.set(`${name}.weight`, inputs === undefined ? [outputs] : [outputs, inputs])
    shapes.set(`${name}.bias`, [outputs])
  }
  shapes.set('embeddings.word_embeddings.weight', [config.vocab_size, hidden])
  shapes.set('embeddings.position_embeddings.weight', [config.max_position_embeddings, hidden])
  shapes.set('embeddings.token_type_embeddings.weight', [config.type_vocab_size, hidden])
  pair('embeddings.LayerNorm', hidden)
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `encoder.layer.${layer}`
    for (const part of ['query', 'key', 'value']) pair(`${at}.attention.self.${part}`, hidden, hidden)
    pair(`${at}.attention.output.dense`, hidden, hidden)
    pair(`${at}.attention.output.LayerNorm`, hidden)
    pair(`${at}.intermediate.dense`, inner, hidden)
    pair(`${at}.output.dense`, hidden, inner)
    pair(`${at}.output.LayerNorm`, hidden)
  }
  return shapes
}

function checkShapes(weights: Map<string, Weight>, config: EncoderConfig, name: string): void {
  const shapes = encoderShapes(config)
  for (const [key, shape] of shapes) {
    const weight = weights.get(key)
    if (!weight) throw unreadable(name, `the weight ${key} is missing`)
    if (weight.shape.join() !== shape.join()) {
      throw unreadable(name, `${key} has the shape ${weight.shape.join(' x ')}, not ${shape.join(' x ')}`)
    }
  }
  for (const key of weights.keys()) if (!shapes.has(key)) weights.delete(key)
}

/** Whether a folder looks like an encoder; `loadEncoder` tells whether it is one. */
export async function isEncoder(folder: string): Promise<boolean> {
  const found = await Promise.all(
    ['config.json', 'model.safetensors'].map((file) => stat(join(folder, file)).catch(() => undefined)),
  )
  return found.every((entry) => entry?.isFile())
}
