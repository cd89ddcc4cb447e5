import { z } from 'zod'
import { defineNode, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

/** The conversation is over. A visitor who writes again afterwards begins at the start. */
export const end = defineNode({
  type: 'end',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'end',
  config: z.object({
    text: localText.default({}).meta({ title: 'end.text', ui: { widget: 'local-text', group: 'message' } }),
  }),
  inputs: { in: port('flow') },
  outputs: {},
  summary: (config) =>
    Object.values(config.text).some((text) => text !== '')
      ? { key: 'summary.text', params: { text: config.text } }
      : { key: 'summary' },
  check: (config, view) => checkText('text', config.text, view, { optional: true }),
})
