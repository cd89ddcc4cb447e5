import { z } from 'zod'
import { defineNode, type NodeProblem, port } from '#kit'
import { checkVariable } from '#kit/text-checks.ts'

/** Goes over the items of a list: leaves by `each` with every one of them, and by `done` after the last. */
export const loop = defineNode({
  type: 'loop',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'loop',
  config: z.object({
    list: z
      .string()
      .default('')
      .meta({ title: 'loop.list', ref: 'variable', ui: { widget: 'variable', group: 'items' } }),
    most: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(100)
      .meta({ title: 'loop.most', ui: { widget: 'number', group: 'items', unit: 'unit.items' } }),
    item: z
      .string()
      .default('item')
      .meta({ title: 'loop.item', ref: 'variable', ui: { widget: 'variable', group: 'memory' } }),
    index: z
      .string()
      .default('')
      .meta({ title: 'loop.index', ref: 'variable', ui: { widget: 'variable', group: 'memory' } }),
  }),
  inputs: { in: port('flow') },
  outputs: { each: port('flow'), done: port('flow') },
  summary: ({ list, item }) => ({ key: list === '' ? 'summary.none' : 'summary', params: { list, item } }),
  variables: ({ item, index }) => [
    ...(item === '' ? [] : [{ name: item, type: null }]),
    ...(index === '' ? [] : [{ name: index, type: 'number' as const }]),
  ],
  check: ({ list, item, index }, view) => {
    const problems: NodeProblem[] = checkVariable('list', list, view)
    if (item === '') problems.push({ code: 'variable-missing', severity: 'error', field: 'item' })
    // What is gone over would be overwritten by its own first item.
    for (const [field, name] of [
      ['item', item],
      ['index', index],
    ] as const)
      if (name !== '' && (name === list || (field === 'index' && name === item)))
        problems.push({ code: 'name-taken', severity: 'error', field, params: { name } })
    return problems
  },
})
