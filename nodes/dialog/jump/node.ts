import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Goes on at another block, in whichever dialog it is, where a wire would be long or cannot be drawn at all. */
export const jump = defineNode({
  type: 'jump',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'jump',
  config: z.object({
    target: z
      .string()
      .default('')
      .meta({ title: 'jump.target', ref: 'block', ui: { widget: 'block', group: 'flow' } }),
  }),
  inputs: { in: port('flow') },
  outputs: {},
  // Its name is known to the document alone, which puts it here.
  summary: ({ target }) => (target === '' ? { key: 'summary.none' } : { key: 'summary', params: { target: '…' } }),
  check: ({ target }) => (target === '' ? [{ code: 'target-none', severity: 'error', field: 'target' }] : []),
})
