import type { Activation } from './activation.ts'
/** One description of all encoder families: what the forward pass must know, under the names that BERT's `config.json` has. */
export interface EncoderConfig {
  family: 'bert' | 'roberta' | 'distilbert' | 'albert' | 'mpnet'
  vocab_size: number
  hidden_size: number
  /** Width of the embedding tables. */
  embedding_size: number
  /** Whether a matrix leads from `embedding_size` to `hidden_size` (Lan et al. 2020, section 3.1). */
  projects_embeddings: boolean
  /** How often a layer is applied. */
  num_hidden_layers: number
  /** The stored layer that is applied first, second, ...; ALBERT applies a stored layer several times. */
  layer_order: readonly number[]
  /** Stored layers in one of ALBERT's groups; 1 elsewhere. */
  layers_per_group: number
  num_attention_heads: number
  intermediate_size: number
  hidden_act: Activation
  max_position_embeddings: number
  /** Row of the position table that the first token gets. */
  first_position: number
  /** Rows of the token type table; 0: the family has none. */
  type_vocab_size: number
  /** Rows of the table of relative positions, shared by all layers; 0: the family has none. */
  relative_buckets: number
  layer_norm_eps: number
  pad_token_id: number
}

/** Name and shape of each weight that the forward pass needs, under common names: those of a bare BERT. */
export function encoderShapes(config: EncoderConfig): Map<string, number[]> {
  const { hidden_size: hidden, embedding_size: embedding, intermediate_size: inner } = config
  const shapes = new Map<string, number[]>()
  const pair = (name: string, outputs: number, inputs?: number): void => {
    shapes.set(`${name}.weight`, inputs === undefined ? [outputs] : [outputs, inputs])
    shapes.set(`${name}.bias`, [outputs])
  }
  shapes.set('embeddings.word_embeddings.weight', [config.vocab_size, embedding])
  shapes.set('embeddings.position_embeddings.weight', [config.max_position_embeddings, embedding])
  if (config.type_vocab_size > 0)
    shapes.set('embeddings.token_type_embeddings.weight', [config.type_vocab_size, embedding])
  pair('embeddings.LayerNorm', embedding)
  if (config.projects_embeddings) pair('embeddings.projection', hidden, embedding)
  if (config.relative_buckets > 0)
    shapes.set('encoder.relative_attention_bias.weight', [config.relative_buckets, config.num_attention_heads])
  for (const layer of new Set(config.layer_order)) {
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
