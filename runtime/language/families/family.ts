import { z } from 'zod'
import type { EncoderConfig } from '../encoder-config.ts'

/** One kind of encoder: how its `config.json` and its weights' names lead to the common ones. */
export interface EncoderFamily {
  /** From `config.json` to the common description; an issue names the field that will not do. */
  schema: z.ZodType<EncoderConfig>
  /** The field of `config.json` that says how many layers there are. */
  layersField: 'num_hidden_layers' | 'n_layers'
  /** The family's own name, without a prefix such as `bert.`, of the weight with a common name. */
  ownName(common: string, config: EncoderConfig): string
}

/** A count of something that must be there. */
export const count = z.number().int().positive()

export const padToken = z.number().int().min(0)

/** Most layers of any encoder that is worth training here. */
export const layers = count.max(96)

export const activation = z.enum(['gelu', 'relu', 'gelu_new', 'gelu_pytorch_tanh'])

/** What BERT's successors kept of its `config.json`. */
export const bertFields = z.object({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: layers,
  num_attention_heads: count,
  intermediate_size: count,
  hidden_act: activation.default('gelu'),
  max_position_embeddings: count,
  type_vocab_size: count.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: padToken.default(0),
})

/** What of the common description most families leave as it is. */
export const plainLayers = (
  hidden: number,
  count: number,
): Pick<
  EncoderConfig,
  'embedding_size' | 'projects_embeddings' | 'layer_order' | 'layers_per_group' | 'relative_buckets'
> => ({
  embedding_size: hidden,
  projects_embeddings: false,
  layer_order: Array.from({ length: count }, (_, layer) => layer),
  layers_per_group: 1,
  relative_buckets: 0,
})

/** Replaces each part of a name that a table knows; the parts are tried in the table's order. */
export function renamed(name: string, parts: readonly (readonly [from: string, to: string])[]): string {
  for (const [from, to] of parts) if (name.includes(from)) return name.replace(from, to)
  return name
}
