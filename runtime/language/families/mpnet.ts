import { z } from 'zod'
import { bertFields, type EncoderFamily, plainLayers, renamed } from './family.ts'

const parts = [
  ['attention.self.query', 'attention.attn.q'],
  ['attention.self.key', 'attention.attn.k'],
  ['attention.self.value', 'attention.attn.v'],
  ['attention.output.dense', 'attention.attn.o'],
  ['attention.output.LayerNorm', 'attention.LayerNorm'],
] as const

/** MPNet (Song et al. 2020): RoBERTa's positions, no token types, and a bias by distance that all layers share. */
export const mpnet: EncoderFamily = {
  layersField: 'num_hidden_layers',
  schema: bertFields
    // Its makers' code knows these two values only, whatever the config says (`MPNetEmbeddings`, `compute_position_bias`).
    .extend({ pad_token_id: z.literal(1).default(1), relative_attention_num_buckets: z.literal(32).default(32) })
    .transform(({ relative_attention_num_buckets: buckets, ...fields }) => ({
      ...fields,
      ...plainLayers(fields.hidden_size, fields.num_hidden_layers),
      family: 'mpnet' as const,
      type_vocab_size: 0,
      relative_buckets: buckets,
      first_position: fields.pad_token_id + 1,
    })),
  ownName: (common) => renamed(common, parts),
}
