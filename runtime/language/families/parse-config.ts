import { BotloomError } from '#kit'
import type { EncoderConfig } from '../encoder-config.ts'
import { albert } from './albert.ts'
import { bert } from './bert.ts'
import { distilbert } from './distilbert.ts'
import type { EncoderFamily } from './family.ts'
import { mpnet } from './mpnet.ts'
import { roberta } from './roberta.ts'

/** By `model_type` of `config.json`. */
const byModelType = new Map<unknown, EncoderFamily>([
  ['bert', bert],
  ['roberta', roberta],
  ['camembert', roberta],
  ['xlm-roberta', roberta],
  ['distilbert', distilbert],
  ['albert', albert],
  ['mpnet', mpnet],
])

/** Model types that are known to generate text: read from left to right, or an encoder and a decoder in one. */
const generates =
  /^(?:gpt|llama|mi[sx]tral|ministral|qwen|gemma|phi|opt$|bloom|falcon|deepseek|glm|chatglm|baichuan|internlm|olmo|granite|smollm|cohere|mamba|rwkv|codegen|starcoder|stablelm|xglm|ctrl|[a-z]*t5|m?bart|pegasus|marian|m2m|blenderbot|prophetnet|led$|whisper)/
/** Model types that tell positions by distance or by rotation. */
const otherPositions =
  /^(?:deberta|xlnet|transfo-xl|roformer|modernbert|nomic|neobert|eurobert|longformer|big_bird|funnel|new$|esm)/

/**
 * The common description of an encoder from its `config.json`. `encoder` names it in errors. Throws `encoder-generative`,
 * `encoder-positions-unsupported` or `encoder-unsupported`.
 */
export function parseEncoderConfig(json: object, encoder: string): EncoderConfig {
  const { model_type: type, position_embedding_type: positions } = json as Record<string, unknown>
  const family = byModelType.get(type)
  if (isGenerative(json as Record<string, unknown>, family === undefined))
    throw new BotloomError('encoder-generative', { encoder, kind: String(type) })
  if (typeof type === 'string' && otherPositions.test(type))
    throw new BotloomError('encoder-positions-unsupported', { encoder, detail: `model_type = ${JSON.stringify(type)}` })
  if ((positions ?? 'absolute') !== 'absolute')
    throw new BotloomError('encoder-positions-unsupported', {
      encoder,
      detail: `position_embedding_type = ${JSON.stringify(positions)}`,
    })
  const unsupported = (detail: string): BotloomError => new BotloomError('encoder-unsupported', { encoder, detail })
  if (!family) throw unsupported(`model_type = ${JSON.stringify(type)}`)
  if ('quantization_config' in json) throw unsupported('quantization_config')
  const parsed = family.schema.safeParse(json)
  if (!parsed.success) {
    const path = parsed.error.issues[0]!.path.join('.')
    throw unsupported(`${path} = ${JSON.stringify((json as Record<string, unknown>)[path])}`)
  }
  const config = parsed.data
  if (config.hidden_size % config.num_attention_heads !== 0)
    throw unsupported('the width is not a multiple of the number of attention heads')
  if (config.max_position_embeddings <= config.first_position + 2)
    throw unsupported(`max_position_embeddings = ${config.max_position_embeddings}`)
  return config
}

function isGenerative(json: Record<string, unknown>, foreign: boolean): boolean {
  if (json.is_decoder === true || json.is_encoder_decoder === true) return true
  if (!foreign) return false
  const architectures = Array.isArray(json.architectures) ? json.architectures : []
  return (
    generates.test(String(json.model_type)) ||
    architectures.some((name) => /ForCausalLM|ForConditionalGeneration|LMHeadModel/.test(String(name)))
  )
}

/** Whether this `model_type` is an encoder's, of a family that we train or of one that we do not. */
export const isEncoderType = (type: unknown): boolean =>
  byModelType.has(type) || (typeof type === 'string' && otherPositions.test(type))

/** The family of a description. */
export function familyOf(config: EncoderConfig): EncoderFamily {
  return byModelType.get(config.family)!
}
