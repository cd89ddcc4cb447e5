import { z } from 'zod'
import { type AugmentationWay, defineNode, type NodeProblem, port } from '#kit'
import { starterSynonyms } from './starter-synonyms.ts'

const mostTable = 20_000

const share = (way: AugmentationWay, percent: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(50)
    .default(percent)
    .meta({ title: `augment.${way}`, ui: { widget: 'slider', group: 'ways', unit: '%' } })

/** Makes more rows to learn from out of those that there are. Rows of validation and test stay as they are. */
export const augment = defineNode({
  type: 'augment',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'data',
  icon: 'augment',
  config: z.object({
    amount: z
      .enum(['factor', 'target'])
      .default('factor')
      .meta({ title: 'augment.amount', ui: { widget: 'segmented', group: 'amount' } }),
    factor: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta({
        title: 'augment.factor',
        ui: { widget: 'slider', group: 'amount', unit: 'unit.sentences', when: { amount: ['factor'] } },
      }),
    target: z
      .number()
      .int()
      .min(2)
      .max(10_000)
      .default(20)
      .meta({
        title: 'augment.target',
        ui: { widget: 'number', group: 'amount', unit: 'unit.sentences', when: { amount: ['target'] } },
      }),
    synonyms: share('synonyms', 30),
    swap: share('swap', 10),
    delete: share('delete', 10),
    keyboard: share('keyboard', 5),
    pinyin: share('pinyin', 10),
    table: z
      .string()
      .max(mostTable)
      .default(starterSynonyms)
      .meta({ title: 'augment.table', ui: { widget: 'textarea', group: 'ways' } }),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(1)
      .meta({ title: 'augment.seed', ui: { widget: 'number', group: 'amount', arbitrary: true, advanced: true } }),
  }),
  inputs: { train: port('dataset') },
  outputs: { train: port('dataset') },
  check: ({ synonyms, swap, delete: gone, keyboard, pinyin, table }) => {
    const problems: NodeProblem[] = []
    if (synonyms + swap + gone + keyboard + pinyin === 0) problems.push({ code: 'no-way', severity: 'warning' })
    if (synonyms > 0)
      for (const [at, line] of table.split('\n').entries())
        if (line.trim() !== '' && !/[^\s,，、]\s*[,，、]\s*[^\s,，、]/.test(line))
          problems.push({ code: 'word-alone', severity: 'warning', field: 'table', params: { line: at + 1 } })
    return problems
  },
  summary: ({ amount, factor, target }) => ({ key: `summary.${amount}`, params: { factor, target } }),
})
