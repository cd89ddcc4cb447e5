import { bertFields, type EncoderFamily, plainLayers } from './family.ts'

/** BERT (Devlin et al. 2019) and what is built like it: MiniLM, BGE, the English E5. Its names are the common ones. */
export const bert: EncoderFamily = {
  layersField: 'num_hidden_layers',
  schema: bertFields.transform((fields) => ({
    ...fields,
    ...plainLayers(fields.hidden_size, fields.num_hidden_layers),
    family: 'bert' as const,
    first_position: 0,
  })),
  ownName: (common) => common,
}
