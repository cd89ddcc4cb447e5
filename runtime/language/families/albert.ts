import { bertFields, count, type EncoderFamily, layers, renamed } from './family.ts'

const fields = bertFields.extend({
  embedding_size: count.default(128),
  num_hidden_groups: layers.default(1),
  inner_group_num: layers.default(1),
})

const parts = [
  ['attention.self.', 'attention.'],
  ['attention.output.dense', 'attention.dense'],
  ['attention.output.LayerNorm', 'attention.LayerNorm'],
  ['intermediate.dense', 'ffn'],
  ['output.dense', 'ffn_output'],
  ['output.LayerNorm', 'full_layer_layer_norm'],
] as const

/**
 * ALBERT (Lan et al. 2020): embeddings narrower than the layers, and few stored layers that are applied many times. Each
 * of `num_hidden_layers` applies a whole group of `inner_group_num` stored layers, the groups in turn.
 */
export const albert: EncoderFamily = {
  layersField: 'num_hidden_layers',
  schema: fields
    .refine((own) => own.num_hidden_groups <= own.num_hidden_layers, { path: ['num_hidden_groups'] })
    .transform(({ num_hidden_groups: groups, inner_group_num: inner, ...own }) => ({
      ...own,
      family: 'albert' as const,
      projects_embeddings: true,
      num_hidden_layers: own.num_hidden_layers * inner,
      layer_order: Array.from({ length: own.num_hidden_layers }, (_, round) =>
        Array.from({ length: inner }, (_, i) => Math.floor((round * groups) / own.num_hidden_layers) * inner + i),
      ).flat(),
      layers_per_group: inner,
      first_position: 0,
      relative_buckets: 0,
    })),
  ownName(common, { layers_per_group: inner }) {
    if (common.startsWith('embeddings.projection.'))
      return common.replace('embeddings.projection', 'encoder.embedding_hidden_mapping_in')
    return renamed(
      common.replace(
        /^encoder\.layer\.(\d+)/,
        (_, layer: string) =>
          `encoder.albert_layer_groups.${Math.floor(Number(layer) / inner)}.albert_layers.${Number(layer) % inner}`,
      ),
      parts,
    )
  },
}
