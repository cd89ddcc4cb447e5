import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Lets a model through to the dialog when it is good enough. It goes live only by Publish. */
export const deploy = defineNode({
  type: 'deploy',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'learn',
  icon: 'deploy',
  config: z.object({
    minAccuracy: z
      .number()
      .min(0)
      .max(100)
      .default(70)
      .meta({ title: 'deploy.minAccuracy', ui: { widget: 'slider', group: 'gate', unit: '%' } }),
  }),
  inputs: { model: port('model'), report: port('report') },
  outputs: { classifier: port('classifier') },
  summary: (config) => ({ key: 'summary', params: { accuracy: config.minAccuracy } }),
})
