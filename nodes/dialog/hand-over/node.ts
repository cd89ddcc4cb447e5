import { z } from 'zod'
import { defineNode, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

/** Gives the conversation to a person and falls silent. */
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
        'zh-CN': '我这就为您转接人工客服，请稍等，您可以接着留言。',
        en: 'I am handing you over to a colleague. You can keep writing here meanwhile.',
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
