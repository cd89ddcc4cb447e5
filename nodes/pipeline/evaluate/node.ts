import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Examines a model with rows that it has never seen and writes the report. */
export const evaluate = defineNode({
  type: 'evaluate',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'learn',
  icon: 'evaluate',
  config: z.object({
    wrongCost: z
      .number()
      .min(1)
      .max(10)
      .default(2)
      .meta({
        title: 'evaluate.wrongCost',
        ui: { widget: 'slider', group: 'answering', unit: 'unit.times', step: 0.5 },
      }),
  }),
  inputs: { model: port('model'), test: port('dataset') },
  outputs: { report: port('report') },
  summary: (config, facts) =>
    facts.gives
      ? { key: `summary.${facts.gives}` }
      : { key: 'summary', params: { threshold: Math.round(toThreshold(config.wrongCost) * 100) } },
})

/**
 * The confidence from which answering costs less than handing on: with a wrong answer at `wrongCost` hand-overs, the
 * expected costs (1 - p) x wrongCost and 1 meet at p = 1 - 1 / wrongCost. Needs calibrated confidence, no test rows.
 */
export function toThreshold(wrongCost: number): number {
  return 1 - 1 / wrongCost
}
