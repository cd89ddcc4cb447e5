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
    maxPerplexity: z
      .number()
      .min(1)
      .max(100_000)
      .nullable()
      .default(null)
      .meta({
        title: 'deploy.maxPerplexity',
        ui: { widget: 'number', group: 'gate', unit: 'unit.words', advanced: true },
      }),
    int8: z
      .enum(['automatic', 'off'])
      .default('automatic')
      .meta({ title: 'deploy.int8', ui: { widget: 'select', group: 'answering' } }),
    int8Loss: z
      .number()
      .min(0)
      .max(10)
      .default(0.5)
      .meta({
        title: 'deploy.int8Loss',
        ui: {
          widget: 'number',
          group: 'answering',
          unit: 'unit.points',
          step: 0.1,
          advanced: true,
          when: { int8: ['automatic'] },
        },
      }),
  }),
  inputs: { model: port('model'), report: port('report') },
  outputs: { classifier: port('classifier') },
  summary: ({ minAccuracy, maxPerplexity }, { gives }) => ({
    key:
      gives === 'retrieval'
        ? 'summary.retrieval'
        : !gives
          ? 'summary'
          : maxPerplexity === null
            ? 'summary.answers'
            : 'summary.perplexity',
    params: { accuracy: minAccuracy, perplexity: maxPerplexity ?? '' },
  }),
})
