import { z } from 'zod'
import { defineNode, port } from '#kit'

const file = z.string().max(1024).default('')

/** Records that the bot learns from: a set of the studio, or files with splits that are used as they are. */
export const dataSource = defineNode({
  type: 'data-source',
  version: 1,
  family: 'pipeline',
  runsOn: 'server',
  hue: 'data',
  icon: 'database',
  config: z.object({
    set: z
      .string()
      .max(64)
      .default('')
      .meta({ title: 'data-source.set', ref: 'set', ui: { widget: 'set', group: 'records' } }),
    train: file.meta({
      title: 'data-source.train',
      ref: 'file',
      ui: { widget: 'file', group: 'files', advanced: true },
    }),
    validation: file.meta({
      title: 'data-source.validation',
      ref: 'file',
      ui: { widget: 'file', group: 'files', advanced: true },
    }),
    test: file.meta({ title: 'data-source.test', ref: 'file', ui: { widget: 'file', group: 'files', advanced: true } }),
    textColumn: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'data-source.textColumn', ui: { widget: 'text', group: 'files', advanced: true } }),
    pairColumn: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'data-source.pairColumn', ui: { widget: 'text', group: 'files', advanced: true } }),
    labelColumn: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'data-source.labelColumn', ui: { widget: 'text', group: 'files', advanced: true } }),
    /** Names of labels that mean "none of ours": left out of training, they show how well the bot says "I don't know". */
    outOfScope: z
      .array(z.string().max(200))
      .max(50)
      .default([])
      .meta({ title: 'data-source.outOfScope', ui: { widget: 'tags', group: 'records', advanced: true } }),
  }),
  inputs: {},
  outputs: { data: port('dataset') },
  summary: (config, facts) => {
    if (facts.rows > 0)
      return {
        key: facts.pairs ? 'summary.pairs' : 'summary.rows',
        params: { rows: facts.rows, labels: facts.labels.filter((l) => l.rows > 0).length },
      }
    return { key: config.set === '' && config.train === '' ? 'summary.empty' : 'summary' }
  },
  check: (config) => {
    if (config.set !== '' && config.train !== '') return [{ code: 'two-sources', severity: 'error', field: 'train' }]
    if (config.set === '' && config.train === '') return [{ code: 'no-records', severity: 'error', field: 'set' }]
    return []
  },
})
