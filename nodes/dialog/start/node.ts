import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Where every conversation begins; one a dialog. */
export const start = defineNode({
  type: 'start',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'start',
  config: z.object({}),
  inputs: {},
  outputs: { out: port('flow') },
  single: true,
  summary: () => ({ key: 'summary' }),
})
