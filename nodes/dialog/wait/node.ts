import { z } from 'zod'
import { defineNode, type NodeProblem, port } from '#kit'
import { isClock } from './instant.ts'

/** Lets time pass before it goes on, unless the visitor writes first. */
export const wait = defineNode({
  type: 'wait',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'wait',
  config: z.object({
    mode: z
      .enum(['for', 'until'])
      .default('for')
      .meta({ title: 'wait.mode', ui: { widget: 'segmented', group: 'time' } }),
    amount: z
      .number()
      .int()
      .min(1)
      .max(999)
      .default(5)
      .meta({ title: 'wait.amount', ui: { widget: 'number', group: 'time', when: { mode: ['for'] } } }),
    unit: z
      .enum(['seconds', 'minutes', 'hours', 'days'])
      .default('minutes')
      .meta({ title: 'wait.unit', ui: { widget: 'segmented', group: 'time', when: { mode: ['for'] } } }),
    clock: z
      .string()
      .max(5)
      .default('09:00')
      .meta({ title: 'wait.clock', ui: { widget: 'text', group: 'time', when: { mode: ['until'] } } }),
  }),
  inputs: { in: port('flow') },
  outputs: { out: port('flow'), message: port('flow') },
  summary: ({ mode, amount, unit, clock }) => {
    const params: Record<string, string | number> =
      mode === 'for' ? { amount } : { clock: isClock(clock) ? clock : '–' }
    return { key: `summary.${mode === 'for' ? unit : 'until'}`, params }
  },
  check: ({ mode, clock }) => {
    const problems: NodeProblem[] = []
    if (mode === 'until' && !isClock(clock)) problems.push({ code: 'clock-invalid', severity: 'error', field: 'clock' })
    return problems
  },
})
