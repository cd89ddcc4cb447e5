import { z } from 'zod'
import { defineNode, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

/** Leaves the conversation to a person, with a note of what is known, and falls silent. */
export const handOver = defineNode({
  type: 'hand-over',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'people',
  icon: 'hand-over',
  config: z.object({
    message: localText
      .default({
        'zh-CN': '这件事要请人工客服来处理，我转给他们。您可以接着留言。',
        en: 'This needs a person, so I am passing it on. You can keep writing here.',
      })
      .meta({ title: 'hand-over.message', ui: { widget: 'local-text', group: 'message' } }),
    reason: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'hand-over.reason', ui: { widget: 'text', group: 'people' } }),
    note: z
      .string()
      .max(2000)
      .default('')
      .meta({ title: 'hand-over.note', ui: { widget: 'textarea', group: 'people' } }),
  }),
  inputs: { in: port('flow') },
  outputs: {},
  handsOver: true,
  summary: (config) =>
    config.reason === '' ? { key: 'summary' } : { key: 'summary.reason', params: { reason: config.reason } },
  check: (config, view) => [
    ...checkText('message', config.message, view),
    ...(['reason', 'note'] as const).flatMap((field) =>
      checkText(field, config[field] === '' ? {} : { [view.languages[0] ?? 'en']: config[field] }, view, {
        optional: true,
      }).filter((problem) => problem.code === 'unknown-name'),
    ),
  ],
})
