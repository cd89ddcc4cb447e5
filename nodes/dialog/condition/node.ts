import { z } from 'zod'
import { type CheckView, defineNode, type NodeProblem, type Port, port } from '#kit'
import { checkVariable } from '#kit/text-checks.ts'
import { longestExpression, parseExpression } from '#runtime/conditions/expression/parse-expression.ts'
import { operatorNames, operators } from '#runtime/conditions/operators.ts'
import { isPattern } from '#runtime/conditions/pattern.ts'

const row = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  variable: z
    .string()
    .default('')
    .meta({ title: 'condition.variable', ref: 'variable', ui: { widget: 'variable' } }),
  operator: z
    .enum(operatorNames)
    .default('is')
    .meta({ title: 'condition.operator', ui: { widget: 'select' } }),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
    .default('')
    .meta({ title: 'condition.value', ui: { widget: 'text' } }),
})
const branch = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  name: z
    .string()
    .max(60)
    .default('')
    .meta({ title: 'condition.branch-name', ui: { widget: 'text' } }),
  kind: z
    .enum(['rows', 'expression'])
    .default('rows')
    .meta({ title: 'condition.kind', ui: { widget: 'rows-or-expression' } }),
  match: z
    .enum(['all', 'any'])
    .default('all')
    .meta({ title: 'condition.match', ui: { widget: 'segmented', when: { kind: ['rows'] } } }),
  rows: z
    .array(row)
    .default([])
    .meta({ title: 'condition.rows', ui: { widget: 'condition', when: { kind: ['rows'] } } }),
  expression: z
    .string()
    .max(longestExpression)
    .default('')
    .meta({ title: 'condition.expression', ui: { widget: 'expression', when: { kind: ['expression'] } } }),
})
type Branch = z.output<typeof branch>

/** A branch's own output port. */
export const branchPort = (id: string): string => `branch:${id}`

/** Asks nothing: looks at what is known and leaves by the first branch that holds, or by `else`. */
export const condition = defineNode({
  type: 'condition',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'condition',
  config: z.object({
    branches: z
      .array(branch)
      .max(30)
      .default([])
      .meta({ title: 'condition.branches', ui: { widget: 'list', group: 'rules' } }),
  }),
  inputs: { in: port('flow') },
  outputs: (config) => {
    const ports: Record<string, Port> = {}
    for (const item of config.branches) ports[branchPort(item.id)] = port('flow', { text: { en: branchText(item) } })
    return { ...ports, else: port('flow') }
  },
  summary: (config) => ({
    key: config.branches.length === 1 ? 'summary.one' : 'summary',
    params: { count: config.branches.length, rule: config.branches.map(branchText).join('; ') },
  }),
  check: (config, view) => {
    const problems: NodeProblem[] = []
    if (config.branches.length === 0) problems.push({ code: 'branches-empty', severity: 'warning', field: 'branches' })
    for (const item of config.branches) {
      if (item.kind === 'expression') {
        problems.push(...checkExpression(`branches.${item.id}.expression`, item.expression, view))
        continue
      }
      const field = `branches.${item.id}.rows`
      if (item.rows.length === 0) problems.push({ code: 'rows-empty', severity: 'warning', field })
      for (const rule of item.rows) {
        problems.push(...checkVariable(`${field}.${rule.id}.variable`, rule.variable, view))
        const { operand } = operators[rule.operator]
        const empty = rule.value === '' || (Array.isArray(rule.value) && rule.value.length === 0)
        if (operand === 'pattern' && !isPattern(String(rule.value)))
          problems.push({ code: 'pattern-bad', severity: 'error', field: `${field}.${rule.id}.value` })
        else if (operand !== 'none' && empty)
          problems.push({ code: 'value-missing', severity: 'warning', field: `${field}.${rule.id}.value` })
      }
    }
    return problems
  },
})

/** An expression that is not understood stops a publish; one that reads what nobody sets is only worth a word. */
function checkExpression(field: string, source: string, view: CheckView): NodeProblem[] {
  const parsed = parseExpression(source)
  if (parsed.ok) return parsed.names.flatMap((name) => checkVariable(field, name, view))
  const { code, start, found } = parsed.problem
  const severity = code === 'empty' ? 'warning' : 'error'
  return [{ code: `expression-${code}`, severity, field, params: { at: start + 1, found } }]
}

const longestPortText = 60

/** A branch in one line that needs no language: its name, or its rules in signs. */
function branchText(item: Branch): string {
  if (item.name !== '') return item.name
  if (item.kind === 'expression')
    return item.expression.length > longestPortText ? `${item.expression.slice(0, longestPortText)}…` : item.expression
  return item.rows
    .map((rule) => {
      const { sign, operand } = operators[rule.operator]
      if (operand === 'none') return `${rule.variable} ${sign}`
      return `${rule.variable} ${sign} ${Array.isArray(rule.value) ? rule.value.join(', ') : rule.value}`
    })
    .join(item.match === 'all' ? ' & ' : ' | ')
}
