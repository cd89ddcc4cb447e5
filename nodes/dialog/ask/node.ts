import { z } from 'zod'
import { defineNode, localText, type NodeProblem, port, type VariableType } from '#kit'
import { checkText } from '#kit/text-checks.ts'
import { findPattern, isPattern } from '#runtime/conditions/pattern.ts'

const choice = z.object({
  id: z.string().meta({ ui: { widget: 'hidden' } }),
  text: localText.default({}).meta({ title: 'ask.choices.text', ui: { widget: 'local-text' } }),
  value: z
    .string()
    .default('')
    .meta({ title: 'ask.choices.value', ui: { widget: 'text', advanced: true } }),
})

/** How many characters a text may have. */
const length = (title: string) =>
  z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .default(null)
    .meta({ title, ui: { widget: 'number', group: 'answer', advanced: true, when: { kind: ['text'] } } })

/** Kinds of answer, and what the variable of each holds. */
const types = {
  text: 'text',
  number: 'number',
  date: 'date',
  time: 'text',
  choice: 'choice',
  'yes-no': 'boolean',
  rating: 'number',
  money: 'number',
  phone: 'text',
  email: 'text',
  pattern: 'text',
  file: 'text',
} as const satisfies Record<string, VariableType>
const kinds = Object.keys(types) as (keyof typeof types)[]

/** Holds the id of the file whose name the variable holds. */
export const fileVariable = (variable: string): string => `${variable}_file`

function picksSeveral({ kind, several }: { kind: string; several: boolean }): boolean {
  return kind === 'choice' && several
}

/** Asks for one thing, checks the answer, asks again where it does not fit, and keeps it in a variable. */
export const ask = defineNode({
  type: 'ask',
  version: 2,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'ask',
  config: z.object({
    question: localText.default({}).meta({ title: 'ask.question', ui: { widget: 'local-text', group: 'message' } }),
    variable: z
      .string()
      .default('')
      .meta({ title: 'ask.variable', ref: 'variable', ui: { widget: 'variable', group: 'answer' } }),
    kind: z
      .enum(kinds)
      .default('text')
      .meta({ title: 'ask.kind', ui: { widget: 'select', group: 'answer' } }),
    choices: z
      .array(choice)
      .max(30)
      .default([])
      .meta({ title: 'ask.choices', ui: { widget: 'list', group: 'answer', when: { kind: ['choice'] } } }),
    several: z
      .boolean()
      .default(false)
      .meta({ title: 'ask.several', ui: { widget: 'switch', group: 'answer', when: { kind: ['choice'] } } }),
    scale: z
      .number()
      .int()
      .min(2)
      .max(10)
      .default(5)
      .meta({ title: 'ask.scale', ui: { widget: 'slider', group: 'answer', step: 1, when: { kind: ['rating'] } } }),
    pattern: z
      .string()
      .max(500)
      .default('')
      .meta({ title: 'ask.pattern', ui: { widget: 'pattern', group: 'answer', when: { kind: ['pattern'] } } }),
    sample: z
      .string()
      .max(200)
      .default('')
      .meta({ title: 'ask.sample', ui: { widget: 'text', group: 'answer', when: { kind: ['pattern'] } } }),
    min: z
      .number()
      .nullable()
      .default(null)
      .meta({ title: 'ask.min', ui: { widget: 'number', group: 'answer', when: { kind: ['number', 'money'] } } }),
    max: z
      .number()
      .nullable()
      .default(null)
      .meta({ title: 'ask.max', ui: { widget: 'number', group: 'answer', when: { kind: ['number', 'money'] } } }),
    dates: z
      .enum(['any', 'past', 'future'])
      .default('any')
      .meta({ title: 'ask.dates', ui: { widget: 'segmented', group: 'answer', when: { kind: ['date', 'time'] } } }),
    minLength: length('ask.minLength'),
    maxLength: length('ask.maxLength'),
    prefill: z
      .boolean()
      .default(true)
      .meta({ title: 'ask.prefill', ui: { widget: 'switch', group: 'answer' } }),
    entity: z
      .string()
      .max(100)
      .default('')
      .meta({
        title: 'ask.entity',
        ui: { widget: 'text', group: 'answer', advanced: true, when: { prefill: [true] } },
      }),
    reprompt: localText
      .default({
        'zh-CN': '不好意思，我没看明白，请再说一次好吗？',
        en: 'Sorry, I did not get that. Could you say it again?',
      })
      .meta({ title: 'ask.reprompt', ui: { widget: 'local-text', group: 'retry' } }),
    tries: z
      .number()
      .int()
      .min(1)
      .max(10)
      .default(3)
      .meta({ title: 'ask.tries', ui: { widget: 'slider', group: 'retry', unit: 'unit.times', step: 1 } }),
    skipIfSet: z
      .boolean()
      .default(true)
      .meta({ title: 'ask.skipIfSet', ui: { widget: 'switch', group: 'retry' } }),
  }),
  inputs: { in: port('flow') },
  outputs: { out: port('flow'), failed: port('flow') },
  // Patterns alone were looked for in what was said before: other questions of older bots go on being asked.
  migrations: { 2: (config) => ({ prefill: config.kind === 'pattern', ...config }) },
  summary: (config) => ({
    key: `summary.${picksSeveral(config) ? 'several' : config.kind}`,
    params: {
      variable: config.variable,
      tries: config.tries,
      count: config.choices.length,
      sample: config.sample,
      scale: config.scale,
    },
  }),
  // Several values are compared as the text that lists them.
  variables: (config) => {
    if (config.variable === '') return []
    const own = { name: config.variable, type: picksSeveral(config) ? ('text' as const) : types[config.kind] }
    return config.kind === 'file' ? [own, { name: fileVariable(config.variable), type: 'text' }] : [own]
  },
  check: (config, view) => {
    const problems: NodeProblem[] = [
      ...checkText('question', config.question, view),
      ...checkText('reprompt', config.reprompt, view, { optional: true }),
    ]
    if (config.variable === '') problems.push({ code: 'variable-missing', severity: 'error', field: 'variable' })
    if (config.kind === 'choice') {
      if (config.choices.length === 0) problems.push({ code: 'choices-empty', severity: 'error', field: 'choices' })
      for (const item of config.choices) problems.push(...checkText(`choices.${item.id}.text`, item.text, view))
    }
    if (config.kind === 'pattern') {
      if (!isPattern(config.pattern)) problems.push({ code: 'pattern-bad', severity: 'error', field: 'pattern' })
      else if (config.sample !== '' && findPattern(config.pattern, config.sample) === null)
        problems.push({ code: 'example-unfit', severity: 'warning', field: 'sample' })
    }
    const { minLength, maxLength } = config
    if (config.kind === 'text' && minLength !== null && maxLength !== null && minLength > maxLength)
      problems.push({ code: 'length-empty', severity: 'error', field: 'maxLength' })
    if (
      ['number', 'money'].includes(config.kind) &&
      config.min !== null &&
      config.max !== null &&
      config.min > config.max
    )
      problems.push({ code: 'range-empty', severity: 'error', field: 'max' })
    return problems
  },
})
