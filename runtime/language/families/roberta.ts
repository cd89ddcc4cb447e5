import { bertFields, type EncoderFamily, padToken, plainLayers } from './family.ts'

/** RoBERTa (Liu et al. 2019), CamemBERT and XLM-RoBERTa: BERT whose positions start behind the padding id. */
export const roberta: EncoderFamily = {
  layersField: 'num_hidden_layers',
  schema: bertFields.extend({ pad_token_id: padToken.default(1) }).transform((fields) => ({
    ...fields,
    ...plainLayers(fields.hidden_size, fields.num_hidden_layers),
    family: 'roberta' as const,
    first_position: fields.pad_token_id + 1,
  })),
  ownName: (common) => common,
}
