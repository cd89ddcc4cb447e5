import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Brings texts into one form and sets apart what teaches nothing. A given test or validation split loses no row. */
export const preprocess = defineNode({
  type: 'preprocess',
  version: 1,
  family: 'pipeline',
  runsOn: 'server',
  hue: 'data',
  icon: 'filter',
  config: z.object({
    characters: z
      .enum(['keep', 'width', 'nfkc'])
      .default('nfkc')
      .meta({ title: 'preprocess.characters', ui: { widget: 'select', group: 'cleaning' } }),
    trim: z
      .boolean()
      .default(true)
      .meta({ title: 'preprocess.trim', ui: { widget: 'switch', group: 'cleaning' } }),
    letters: z
      .enum(['keep', 'lower'])
      .default('keep')
      .meta({ title: 'preprocess.letters', ui: { widget: 'segmented', group: 'cleaning' } }),
    duplicates: z
      .boolean()
      .default(true)
      .meta({ title: 'preprocess.duplicates', ui: { widget: 'switch', group: 'dropping' } }),
    minLength: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({
        title: 'preprocess.minLength',
        ui: { widget: 'number', group: 'dropping', unit: 'unit.characters', advanced: true },
      }),
    maxLength: z
      .number()
      .int()
      .min(10)
      .max(20_000)
      .default(2_000)
      .meta({
        title: 'preprocess.maxLength',
        ui: { widget: 'number', group: 'dropping', unit: 'unit.characters', advanced: true },
      }),
  }),
  inputs: { data: port('dataset') },
  outputs: { data: port('dataset') },
  summary: (config) => ({ key: config.duplicates ? 'summary' : 'summary.keep' }),
})
