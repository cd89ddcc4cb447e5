import { z } from 'zod'
import { defineNode, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

/** The conversation is over. A visitor who writes again afterwards begins at the start. */
export const end = defineNode({
  type: 'end',
  version: 2,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'end',
  config: z.object({
    text: localText.default({}).meta({ title: 'end.text', ui: { widget: 'local-text', group: 'message' } }),
    rating: z
      .boolean()
      .default(false)
      .meta({ title: 'end.rating', ui: { widget: 'switch', group: 'rating' } }),
    question: localText
      .default({ 'zh-CN': '这次服务您满意吗？', en: 'How did we do?' })
      .meta({ title: 'end.question', ui: { widget: 'local-text', group: 'rating', when: { rating: [true] } } }),
    comment: z
      .boolean()
      .default(true)
      .meta({ title: 'end.comment', ui: { widget: 'switch', group: 'rating', when: { rating: [true] } } }),
    commentQuestion: localText
      .default({
        'zh-CN': '谢谢！还有什么想告诉我们的吗？',
        en: 'Thank you! Is there anything that you would like to tell us?',
      })
      .meta({ title: 'end.commentQuestion', ui: { widget: 'local-text', group: 'rating', when: { comment: [true] } } }),
    thanks: localText
      .default({ 'zh-CN': '感谢您的评价，祝您生活愉快！', en: 'Thank you for telling us. Have a good day!' })
      .meta({ title: 'end.thanks', ui: { widget: 'local-text', group: 'rating', when: { rating: [true] } } }),
  }),
  inputs: { in: port('flow') },
  outputs: {},
  // Bots from before ask nobody for a rating.
  migrations: { 2: (config) => ({ rating: false, ...config }) },
  summary: (config) =>
    config.rating
      ? { key: 'summary.rating' }
      : Object.values(config.text).some((text) => text !== '')
        ? { key: 'summary.text', params: { text: config.text } }
        : { key: 'summary' },
  check: (config, view) => [
    ...checkText('text', config.text, view, { optional: true }),
    ...(config.rating
      ? [
          ...checkText('question', config.question, view),
          ...(config.comment ? checkText('commentQuestion', config.commentQuestion, view) : []),
          ...checkText('thanks', config.thanks, view, { optional: true }),
        ]
      : []),
  ],
})
