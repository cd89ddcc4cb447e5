import { z } from 'zod'
import { defineNode, type NodeProblem, port } from '#kit'
import { checkText, checkVariable } from '#kit/text-checks.ts'

const gift = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  variable: z
    .string()
    .default('')
    .meta({ title: 'sub-dialog.variable', ref: 'variable', ui: { widget: 'variable' } }),
  value: z
    .string()
    .max(500)
    .default('')
    .meta({ title: 'sub-dialog.value', ui: { widget: 'text' } }),
})

/** Goes through another dialog of the bot and comes back, so that what many topics need is drawn once. */
export const subDialog = defineNode({
  type: 'sub-dialog',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'sub-dialog',
  config: z.object({
    dialog: z
      .string()
      .default('')
      .meta({ title: 'sub-dialog.dialog', ref: 'dialog', ui: { widget: 'dialog', group: 'flow' } }),
    give: z
      .array(gift)
      .max(20)
      .default([])
      .meta({ title: 'sub-dialog.give', ui: { widget: 'list', group: 'memory' } }),
  }),
  inputs: { in: port('flow') },
  outputs: { out: port('flow') },
  summary: (config) =>
    config.give.length > 0 ? { key: 'summary.given', params: { names: namesOf(config) } } : { key: 'summary' },
  check: (config, view) => {
    const problems: NodeProblem[] = []
    if (config.dialog === '') problems.push({ code: 'dialog-none', severity: 'error', field: 'dialog' })
    for (const { id, variable, value } of config.give) {
      problems.push(...checkVariable(`give.${id}.variable`, variable, view))
      // A value is the same in all languages; only its names can be wrong.
      problems.push(
        ...checkText(`give.${id}.value`, { [view.languages[0] ?? 'en']: value }, view, { optional: true }).filter(
          ({ code }) => code === 'unknown-name',
        ),
      )
    }
    return problems
  },
})

function namesOf({ give }: { give: readonly { variable: string }[] }): string {
  return give.map(({ variable }) => variable).join(', ')
}
