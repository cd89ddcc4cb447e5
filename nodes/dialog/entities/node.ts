import { z } from 'zod'
import { defineNode, type NodeProblem, port, type VariableType } from '#kit'
import { isPattern } from '#runtime/conditions/pattern.ts'
import { ambiguousTerm, parseDictionary } from './dictionary.ts'

const finder = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  variable: z
    .string()
    .default('')
    .meta({ title: 'entities.variable', ref: 'variable', ui: { widget: 'variable' } }),
  kind: z
    .enum(['dictionary', 'entity', 'pattern', 'date', 'number'])
    .default('dictionary')
    .meta({ title: 'entities.kind', ui: { widget: 'select' } }),
  entries: z
    .string()
    .max(20_000)
    .default('')
    .meta({ title: 'entities.entries', ui: { widget: 'textarea', when: { kind: ['dictionary'] } } }),
  entity: z
    .string()
    .max(60)
    .default('')
    .meta({ title: 'entities.entity', ui: { widget: 'text', when: { kind: ['entity'] } } }),
  pattern: z
    .string()
    .max(500)
    .default('')
    .meta({ title: 'entities.pattern', ui: { widget: 'pattern', when: { kind: ['pattern'] } } }),
  dates: z
    .enum(['any', 'past', 'future'])
    .default('any')
    .meta({ title: 'entities.dates', ui: { widget: 'segmented', when: { kind: ['date'] } } }),
})
export type Finder = z.output<typeof finder>

/** Takes pieces out of the visitor's last message and keeps each in a variable, so that nobody is asked for what they have said. */
export const entities = defineNode({
  type: 'entities',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'entities',
  config: z.object({
    finders: z
      .array(finder)
      .max(30)
      .default([])
      .meta({ title: 'entities.finders', ui: { widget: 'list', group: 'pieces' } }),
    need: z
      .enum(['any', 'all'])
      .default('any')
      .meta({ title: 'entities.need', ui: { widget: 'segmented', group: 'flow' } }),
    clear: z
      .boolean()
      .default(false)
      .meta({ title: 'entities.clear', ui: { widget: 'switch', group: 'memory' } }),
  }),
  inputs: { in: port('flow') },
  outputs: { found: port('flow'), missing: port('flow') },
  summary: (config) => {
    const names = [...new Set(config.finders.map(({ variable }) => variable))].filter((name) => name !== '')
    return names.length === 0 ? { key: 'summary.none' } : { key: 'summary', params: { names: names.join(', ') } }
  },
  variables: (config) =>
    config.finders
      .filter(({ variable }) => variable !== '')
      .map(({ variable, kind }) => ({ name: variable, type: typeOf(kind) })),
  check: ({ finders }) => {
    const problems: NodeProblem[] = []
    if (finders.length === 0) problems.push({ code: 'finders-empty', severity: 'warning', field: 'finders' })
    for (const [place, item] of finders.entries()) {
      const field = `finders.${item.id}`
      if (item.variable === '')
        problems.push({ code: 'variable-missing', severity: 'error', field: `${field}.variable` })
      problems.push(...checkSource(field, item))
      const { kind, dates, variable } = item
      const findsTheSame = (other: Finder) =>
        other.kind === kind && other.variable !== variable && (kind === 'number' || other.dates === dates)
      if ((kind === 'date' || kind === 'number') && finders.slice(0, place).some(findsTheSame))
        problems.push({ code: 'same-twice', severity: 'warning', field: `${field}.kind` })
    }
    return problems
  },
})

function typeOf(kind: Finder['kind']): VariableType {
  return kind === 'date' || kind === 'number' ? kind : 'text'
}

/** What stands against where a finder looks. */
function checkSource(field: string, { kind, entity, entries, pattern }: Finder): NodeProblem[] {
  if (kind === 'entity' && entity.trim() === '')
    return [{ code: 'entity-empty', severity: 'error', field: `${field}.entity` }]
  if (kind === 'pattern' && !isPattern(pattern))
    return [{ code: 'pattern-bad', severity: 'error', field: `${field}.pattern` }]
  if (kind !== 'dictionary') return []
  const dictionary = parseDictionary(entries)
  if (dictionary.length === 0) return [{ code: 'entries-empty', severity: 'error', field: `${field}.entries` }]
  const term = ambiguousTerm(dictionary)
  return term === null ? [] : [{ code: 'term-twice', severity: 'warning', field: `${field}.entries`, params: { term } }]
}
