import { z } from 'zod'
import { defineNode, localText, type NodeProblem, port, type VariableType } from '#kit'
import { checkText, checkVariable } from '#kit/text-checks.ts'

const assignment = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  variable: z
    .string()
    .default('')
    .meta({ title: 'set.variable', ref: 'variable', ui: { widget: 'variable' } }),
  kind: z
    .enum(['value', 'copy', 'increment', 'clear', 'text'])
    .default('value')
    .meta({ title: 'set.kind', ui: { widget: 'select' } }),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .default('')
    .meta({ title: 'set.value', ui: { widget: 'text', when: { kind: ['value'] } } }),
  from: z
    .string()
    .default('')
    .meta({ title: 'set.from', ref: 'variable', ui: { widget: 'variable', when: { kind: ['copy'] } } }),
  by: z
    .number()
    .default(1)
    .meta({ title: 'set.by', ui: { widget: 'number', when: { kind: ['increment'] } } }),
  text: localText.default({}).meta({ title: 'set.text', ui: { widget: 'local-text', when: { kind: ['text'] } } }),
})

/** What an assignment leaves in its variable, where the assignment alone tells. */
function typeOf({ kind, value }: z.output<typeof assignment>): VariableType | null {
  if (kind === 'increment') return 'number'
  if (kind === 'text') return 'text'
  if (kind !== 'value') return null
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text'
}

/** Remembers, counts or forgets; one assignment after the other, each sees the ones before it. */
export const set = defineNode({
  type: 'set',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'set',
  config: z.object({
    assignments: z
      .array(assignment)
      .max(30)
      .default([])
      .meta({ title: 'set.assignments', ui: { widget: 'list', group: 'memory' } }),
  }),
  inputs: { in: port('flow') },
  outputs: { out: port('flow') },
  summary: (config) => ({
    key: 'summary',
    params: { names: config.assignments.map((item) => item.variable).join(', ') },
  }),
  variables: (config) =>
    config.assignments
      .filter(({ variable }) => variable !== '')
      .map((item) => ({ name: item.variable, type: typeOf(item) })),
  check: (config, view) => {
    const problems: NodeProblem[] = []
    if (config.assignments.length === 0)
      problems.push({ code: 'assignments-empty', severity: 'warning', field: 'assignments' })
    for (const item of config.assignments) {
      const field = `assignments.${item.id}`
      if (item.variable === '')
        problems.push({ code: 'variable-missing', severity: 'error', field: `${field}.variable` })
      if (item.kind === 'copy') problems.push(...checkVariable(`${field}.from`, item.from, view))
      if (item.kind === 'text') problems.push(...checkText(`${field}.text`, item.text, view))
    }
    return problems
  },
})
