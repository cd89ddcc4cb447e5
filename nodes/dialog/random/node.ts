import { z } from 'zod'
import { defineNode, type NodeProblem, type Port, port } from '#kit'
import { branchName, percentOf } from './shares.ts'

const branch = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  name: z
    .string()
    .max(60)
    .default('')
    .meta({ title: 'random.branch-name', ui: { widget: 'text' } }),
  share: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .meta({ title: 'random.share', ui: { widget: 'number', unit: '%' } }),
})

/** A branch's own output port. */
export const branchPort = (id: string): string => `branch:${id}`

/** Sends visitors different ways by lot, so that two ways can be held against each other. */
export const random = defineNode({
  type: 'random',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'random',
  config: z.object({
    branches: z
      .array(branch)
      .max(20)
      .default([
        { id: 'a', name: 'A', share: 50 },
        { id: 'b', name: 'B', share: 50 },
      ])
      .meta({ title: 'random.branches', ui: { widget: 'list', group: 'shares' } }),
    sticky: z
      .boolean()
      .default(true)
      .meta({ title: 'random.sticky', ui: { widget: 'switch', group: 'shares' } }),
    variable: z
      .string()
      .default('')
      .meta({ title: 'random.variable', ref: 'variable', ui: { widget: 'variable', group: 'memory' } }),
  }),
  inputs: { in: port('flow') },
  outputs: (config) => {
    const ports: Record<string, Port> = {}
    for (const item of config.branches) ports[branchPort(item.id)] = port('flow', { text: { en: shown(config, item) } })
    return ports
  },
  summary: (config) => ({
    key: config.sticky ? 'summary' : 'summary.anew',
    params: { shares: config.branches.map((item) => shown(config, item)).join(' / ') },
  }),
  variables: (config) => (config.variable === '' ? [] : [{ name: config.variable, type: 'text' }]),
  check: ({ branches }) => {
    const problems: NodeProblem[] = []
    if (branches.length === 0) problems.push({ code: 'branches-empty', severity: 'error', field: 'branches' })
    else if (branches.every(({ share }) => share === 0))
      problems.push({ code: 'shares-zero', severity: 'warning', field: 'branches' })
    const names = branches.map((item) => branchName(branches, item))
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined)
      problems.push({ code: 'name-twice', severity: 'warning', field: 'branches', params: { name: twice } })
    return problems
  },
})

type Branches = readonly { id: string; name: string; share: number }[]

function shown({ branches }: { branches: Branches }, item: Branches[number]): string {
  return `${branchName(branches, item)} ${percentOf(branches, item)} %`
}
