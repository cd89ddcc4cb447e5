import { z } from 'zod'
import { BotloomError } from '#kit'
import { activation, count, layers } from '../families/family.ts'
import { isEncoderType } from '../families/parse-config.ts'

/** What of `config.json` a decoder of the GPT-2 family needs (names as in the file). */
export interface DecoderConfig {
  vocab_size: number
  n_embd: number
  n_layer: number
  n_head: number
  /** Most tokens of question and answer together. */
  n_positions: number
  n_inner: number
  activation_function: z.infer<typeof activation>
  layer_norm_epsilon: number
  /** Ends an answer; null where only the tokenizer knows. */
  eos_token_id: number | null
  /** The word table also gives the scores of the next token. */
  tie_word_embeddings: boolean
}

const token = z.number().int().min(0)

const schema = z
  .object({
    model_type: z.literal('gpt2'),
    vocab_size: count,
    n_embd: count,
    n_layer: layers,
    n_head: count,
    n_positions: count,
    n_inner: count.nullable().default(null),
    activation_function: activation.default('gelu_new'),
    layer_norm_epsilon: z.number().positive().default(1e-5),
    eos_token_id: token.nullable().default(null),
    tie_word_embeddings: z.boolean().default(true),
    scale_attn_weights: z.literal(true).default(true),
    scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
  })
  .transform(({ n_inner, ...own }): DecoderConfig => ({ ...own, n_inner: n_inner ?? 4 * own.n_embd }))

/** The description of a GPT-2 like decoder from its `config.json`. `decoder` names it in errors. Throws `decoder-is-encoder` or `decoder-unsupported`. */
export function parseDecoderConfig(json: object, decoder: string): DecoderConfig {
  const { model_type: type } = json as Record<string, unknown>
  if (isEncoderType(type)) throw new BotloomError('decoder-is-encoder', { decoder, kind: String(type) })
  const unsupported = (detail: string): BotloomError => new BotloomError('decoder-unsupported', { decoder, detail })
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const path = parsed.error.issues[0]!.path.join('.')
    throw unsupported(`${path} = ${JSON.stringify((json as Record<string, unknown>)[path])}`)
  }
  const config = parsed.data
  if (config.n_embd % config.n_head !== 0) throw unsupported('n_embd is not a multiple of n_head')
  if ('quantization_config' in json) throw unsupported('quantization_config')
  return config
}

/** Names and shapes of all weights, as a file of a bare `GPT2Model` has them. Matrices are [in, out] (`Conv1D`). */
export function decoderShapes(config: DecoderConfig): Map<string, readonly number[]> {
  const { vocab_size, n_embd: width, n_inner: inner, n_positions, n_layer } = config
  const shapes = new Map<string, readonly number[]>([
    ['wte.weight', [vocab_size, width]],
    ['wpe.weight', [n_positions, width]],
  ])
  const norm = (name: string): void => void shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width])
  const dense = (name: string, from: number, to: number): void =>
    void shapes.set(`${name}.weight`, [from, to]).set(`${name}.bias`, [to])
  for (let layer = 0; layer < n_layer; layer++) {
    norm(`h.${layer}.ln_1`)
    dense(`h.${layer}.attn.c_attn`, width, 3 * width)
    dense(`h.${layer}.attn.c_proj`, width, width)
    norm(`h.${layer}.ln_2`)
    dense(`h.${layer}.mlp.c_fc`, width, inner)
    dense(`h.${layer}.mlp.c_proj`, inner, width)
  }
  norm('ln_f')
  if (!config.tie_word_embeddings) shapes.set('lm_head.weight', [vocab_size, width])
  return shapes
}
