import { z } from 'zod'
import { defineNode, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

/**
 * Looks the visitor's question up in documents and written answers, and says what answers it with its source. Where buttons are offered it
 * waits behind the answer: other words leave by `answered`, unread, so that whoever listens reads them.
 */
export const knowledgeAnswer = defineNode({
  type: 'knowledge-answer',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'knowledge',
  config: z.object({
    ask: z
      .boolean()
      .default(false)
      .meta({ title: 'knowledge-answer.ask', ui: { widget: 'switch', group: 'message' } }),
    prompt: localText
      .default({ 'zh-CN': '您想了解什么？', en: 'What would you like to know?' })
      .meta({ title: 'knowledge-answer.prompt', ui: { widget: 'local-text', group: 'message' } }),
    floor: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .meta({ title: 'knowledge-answer.floor', ui: { widget: 'slider', group: 'understanding', step: 0.01 } }),
    source: z
      .boolean()
      .default(true)
      .meta({ title: 'knowledge-answer.source', ui: { widget: 'switch', group: 'answer' } }),
    buttons: z
      .boolean()
      .default(true)
      .meta({ title: 'knowledge-answer.buttons', ui: { widget: 'switch', group: 'answer' } }),
    more: localText.default({ 'zh-CN': '查看更多', en: 'More from this' }).meta({
      title: 'knowledge-answer.more',
      ui: { widget: 'local-text', group: 'answer', when: { buttons: [true] } },
    }),
    unhelpful: localText.default({ 'zh-CN': '没帮上忙', en: 'That did not help' }).meta({
      title: 'knowledge-answer.unhelpful',
      ui: { widget: 'local-text', group: 'answer', when: { buttons: [true] } },
    }),
    variable: z
      .string()
      .default('')
      .meta({
        title: 'knowledge-answer.variable',
        ref: 'variable',
        ui: { widget: 'variable', group: 'memory', advanced: true },
      }),
  }),
  inputs: { in: port('flow'), knowledge: port('knowledge') },
  outputs: {
    answered: port('flow', { optional: true }),
    unknown: port('flow'),
    unhelpful: port('flow', { optional: true }),
  },
  summary: ({ floor }) =>
    floor === null ? { key: 'summary' } : { key: 'summary.floor', params: { percent: Math.round(floor * 100) } },
  variables: ({ variable }) => (variable === '' ? [] : [{ name: variable, type: 'text' as const }]),
  check: (config, view) => [
    ...checkText('prompt', config.prompt, view),
    ...(config.buttons
      ? (['more', 'unhelpful'] as const).flatMap((field) =>
          checkText(field, config[field], view, { severity: 'warning' }),
        )
      : []),
  ],
})
