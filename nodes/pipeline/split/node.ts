import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Deals the records into rows to learn from, rows to stop and choose by, and rows to measure with. */
export const split = defineNode({
  type: 'split',
  version: 1,
  family: 'pipeline',
  runsOn: 'server',
  hue: 'data',
  icon: 'split',
  config: z.object({
    validation: z
      .number()
      .int()
      .min(0)
      .max(40)
      .default(10)
      .meta({ title: 'split.validation', ui: { widget: 'slider', group: 'shares', unit: '%' } }),
    test: z
      .number()
      .int()
      .min(0)
      .max(40)
      .default(20)
      .meta({ title: 'split.test', ui: { widget: 'slider', group: 'shares', unit: '%' } }),
    stratify: z
      .boolean()
      .default(true)
      .meta({ title: 'split.stratify', ui: { widget: 'switch', group: 'shares', advanced: true } }),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(1)
      .meta({ title: 'split.seed', ui: { widget: 'number', group: 'shares', arbitrary: true, advanced: true } }),
  }),
  inputs: { data: port('dataset') },
  outputs: { train: port('dataset'), validation: port('dataset', { optional: true }), test: port('dataset') },
  summary: (config) => ({
    key: 'summary',
    params: { train: 100 - config.validation - config.test, validation: config.validation, test: config.test },
  }),
})
