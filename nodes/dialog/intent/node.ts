import { z } from 'zod'
import { defineNode, localText, type Port, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'

const topic = z.object({
  id: z.string().meta({ title: 'intent.topics.id', ref: 'label', ui: { widget: 'text' } }),
  text: localText.default({}).meta({ title: 'intent.topics.text', ui: { widget: 'local-text' } }),
})

/**
 * Reads the visitor's message with a model and leaves by the label that it is about, or by `fallback`. A label's port
 * that has no wire behaves as `fallback`.
 */
export const intent = defineNode({
  type: 'intent',
  version: 2,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'logic',
  icon: 'intent',
  config: z.object({
    prompt: localText.default({}).meta({ title: 'intent.prompt', ui: { widget: 'local-text', group: 'message' } }),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .meta({ title: 'intent.threshold', ui: { widget: 'slider', group: 'understanding', step: 0.01 } }),
    outOfScope: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .meta({ title: 'intent.outOfScope', ui: { widget: 'slider', group: 'understanding', step: 0.01 } }),
    clarify: z
      .boolean()
      .default(true)
      .meta({ title: 'intent.clarify', ui: { widget: 'switch', group: 'understanding' } }),
    margin: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .meta({
        title: 'intent.margin',
        ui: { widget: 'slider', group: 'understanding', step: 0.01, when: { clarify: [true] } },
      }),
    question: localText.default({ 'zh-CN': '您想问的是哪一个？', en: 'Which of these do you mean?' }).meta({
      title: 'intent.question',
      ui: { widget: 'local-text', group: 'understanding', when: { clarify: [true] } },
    }),
    none: localText.default({ 'zh-CN': '都不是', en: 'None of these' }).meta({
      title: 'intent.none',
      ui: { widget: 'local-text', group: 'understanding', when: [{ clarify: [true] }, { ladder: [true] }] },
    }),
    topics: z
      .array(topic)
      .default([])
      .meta({
        title: 'intent.topics',
        ui: { widget: 'list', group: 'understanding', advanced: true, when: [{ clarify: [true] }, { ladder: [true] }] },
      }),
    ladder: z
      .boolean()
      .default(true)
      .meta({ title: 'intent.ladder', ui: { widget: 'switch', group: 'retry' } }),
    rephrase: localText
      .default({
        'zh-CN': '不好意思，没太明白您的意思，换个说法试试？',
        en: 'Sorry, I did not quite get that. Could you put it another way?',
      })
      .meta({ title: 'intent.rephrase', ui: { widget: 'local-text', group: 'retry', when: { ladder: [true] } } }),
    guess: localText
      .default({ 'zh-CN': '您是不是想问下面的某一个？', en: 'Is it one of these?' })
      .meta({ title: 'intent.guess', ui: { widget: 'local-text', group: 'retry', when: { ladder: [true] } } }),
    giveUp: localText
      .default({
        'zh-CN': '抱歉，我还是没明白。我请人工客服来帮您，您可以接着留言。',
        en: 'Sorry, I still do not understand. I am passing you on to a person; you can keep writing here.',
      })
      .meta({ title: 'intent.giveUp', ui: { widget: 'local-text', group: 'retry', when: { ladder: [true] } } }),
    variable: z
      .string()
      .default('intent')
      .meta({ title: 'intent.variable', ref: 'variable', ui: { widget: 'variable', group: 'memory', advanced: true } }),
    misses: z
      .string()
      .default('misses')
      .meta({ title: 'intent.misses', ref: 'variable', ui: { widget: 'variable', group: 'memory', advanced: true } }),
  }),
  // Bots from before the ladder leave by `fallback` at the first miss, as they did.
  migrations: { 2: (config) => ({ ladder: false, ...config }) },
  inputs: { in: port('flow'), model: port('classifier', { needsLabels: true }) },
  outputs: (_config, facts) => {
    const ports: Record<string, Port> = {}
    for (const { id, name, rows, trained } of facts.labels) ports[id] = port('flow', { label: { name, rows, trained } })
    return { ...ports, fallback: port('flow') }
  },
  summary: (config, facts) => ({
    key: config.clarify ? 'summary' : 'summary.direct',
    params: { count: facts.labels.length },
  }),
  variables: (config) =>
    [
      { name: config.variable, type: 'text' as const },
      { name: config.misses, type: 'number' as const },
    ].filter(({ name }) => name !== ''),
  check: (config, view) => [
    // A visitor says one text, and a model that learned from two needs both.
    // Of a model that writes or finds answers the graph says that it tells no intents.
    ...(view.facts?.pairs && !view.facts.gives ? [{ code: 'two-texts', severity: 'error' as const }] : []),
    ...checkText('prompt', config.prompt, view, { optional: true }),
    ...(config.clarify ? checkText('question', config.question, view) : []),
    ...(config.clarify || config.ladder ? checkText('none', config.none, view) : []),
    ...(config.ladder
      ? (['rephrase', 'guess', 'giveUp'] as const).flatMap((field) =>
          checkText(field, config[field], view, { severity: 'warning' }),
        )
      : []),
  ],
})
