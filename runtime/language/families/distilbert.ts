import { z } from 'zod'
import { activation, count, type EncoderFamily, layers, padToken, plainLayers, renamed } from './family.ts'

const fields = z.object({
  vocab_size: count,
  dim: count,
  n_layers: layers,
  n_heads: count,
  hidden_dim: count,
  activation: activation.default('gelu'),
  max_position_embeddings: count.default(512),
  pad_token_id: padToken.default(0),
})

const parts = [
  ['attention.self.query', 'attention.q_lin'],
  ['attention.self.key', 'attention.k_lin'],
  ['attention.self.value', 'attention.v_lin'],
  ['attention.output.dense', 'attention.out_lin'],
  ['attention.output.LayerNorm', 'sa_layer_norm'],
  ['intermediate.dense', 'ffn.lin1'],
  ['output.dense', 'ffn.lin2'],
  ['output.LayerNorm', 'output_layer_norm'],
] as const

/**
 * DistilBERT (Sanh et al. 2019): BERT without token types, under names of its own. A sinusoidal position table
 * (`sinusoidal_pos_embds`) is stored as a weight like any other.
 */
export const distilbert: EncoderFamily = {
  layersField: 'n_layers',
  schema: fields.transform((own) => ({
    ...plainLayers(own.dim, own.n_layers),
    family: 'distilbert' as const,
    vocab_size: own.vocab_size,
    hidden_size: own.dim,
    num_hidden_layers: own.n_layers,
    num_attention_heads: own.n_heads,
    intermediate_size: own.hidden_dim,
    hidden_act: own.activation,
    max_position_embeddings: own.max_position_embeddings,
    first_position: 0,
    type_vocab_size: 0,
    layer_norm_eps: 1e-12,
    pad_token_id: own.pad_token_id,
  })),
  ownName: (common) => renamed(common.replace(/^encoder\.layer\./, 'transformer.layer.'), parts),
}
