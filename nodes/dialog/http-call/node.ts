import { z } from 'zod'
import { defineNode, localText, type NodeProblem, type Port, port, type VariableType } from '#kit'
import { readPointer } from '#kit/json-pointer.ts'
import { checkText, placeholdersOf, type TextView } from '#kit/text-checks.ts'
import { parseStatuses } from './statuses.ts'

const hidden = z.string().meta({ ui: { widget: 'hidden' } })
const withBody = ['POST', 'PUT', 'PATCH', 'DELETE']

const header = z.object({
  id: hidden,
  name: z
    .string()
    .max(100)
    .default('')
    .meta({ title: 'http-call.header-name', ui: { widget: 'text' } }),
  value: z
    .string()
    .max(2000)
    .default('')
    .meta({ title: 'http-call.header-value', ui: { widget: 'text' } }),
  secret: z
    .string()
    .max(60)
    .default('')
    .meta({ title: 'http-call.secret', ui: { widget: 'secret' } }),
})
const field = z.object({
  id: hidden,
  name: z
    .string()
    .max(100)
    .default('')
    .meta({ title: 'http-call.field-name', ui: { widget: 'text' } }),
  value: z
    .string()
    .max(4000)
    .default('')
    .meta({ title: 'http-call.field-value', ui: { widget: 'text' } }),
})
const mapping = z.object({
  id: hidden,
  pointer: z
    .string()
    .max(300)
    .default('')
    .meta({ title: 'http-call.pointer', ui: { widget: 'text' } }),
  variable: z
    .string()
    .default('')
    .meta({ title: 'http-call.variable', ref: 'variable', ui: { widget: 'variable' } }),
})
const branch = z.object({
  id: hidden,
  statuses: z
    .string()
    .max(60)
    .default('404')
    .meta({ title: 'http-call.statuses', ui: { widget: 'text' } }),
})

/** A branch's own output port. */
export const branchPort = (id: string): string => `status:${id}`

/** Asks another server, and remembers what it answered. */
export const httpCall = defineNode({
  type: 'http-call',
  version: 1,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'action',
  icon: 'http-call',
  config: z.object({
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .default('GET')
      .meta({ title: 'http-call.method', ui: { widget: 'select', group: 'request' } }),
    url: z
      .string()
      .max(2000)
      .default('')
      .meta({ title: 'http-call.url', ui: { widget: 'text', group: 'request' } }),
    headers: z
      .array(header)
      .max(30)
      .default([])
      .meta({ title: 'http-call.headers', ui: { widget: 'list', group: 'request' } }),
    bodyKind: z
      .enum(['none', 'json', 'form', 'text'])
      .default('none')
      .meta({ title: 'http-call.bodyKind', ui: { widget: 'segmented', group: 'request', when: { method: withBody } } }),
    body: z
      .string()
      .max(20_000)
      .default('')
      .meta({
        title: 'http-call.body',
        ui: { widget: 'textarea', group: 'request', when: { bodyKind: ['json', 'text'] } },
      }),
    fields: z
      .array(field)
      .max(50)
      .default([])
      .meta({ title: 'http-call.fields', ui: { widget: 'list', group: 'request', when: { bodyKind: ['form'] } } }),
    sample: z
      .string()
      .max(20_000)
      .default('')
      .meta({ title: 'http-call.sample', ui: { widget: 'call-answer', group: 'answered' } }),
    map: z
      .array(mapping)
      .max(50)
      .default([])
      .meta({ title: 'http-call.map', ui: { widget: 'list', group: 'answered' } }),
    branches: z
      .array(branch)
      .max(10)
      .default([])
      .meta({ title: 'http-call.branches', ui: { widget: 'list', group: 'answered' } }),
    waiting: localText.default({}).meta({ title: 'http-call.waiting', ui: { widget: 'local-text', group: 'message' } }),
    failed: localText
      .default({
        'zh-CN': '不好意思，我现在查不到，请过一会儿再试。',
        en: 'Sorry, I cannot look that up right now. Please try again in a while.',
      })
      .meta({ title: 'http-call.failed', ui: { widget: 'local-text', group: 'message' } }),
    timeout: z
      .number()
      .int()
      .min(1)
      .max(60)
      .default(10)
      .meta({ title: 'http-call.timeout', ui: { widget: 'slider', group: 'trouble', unit: 'unit.seconds' } }),
    retries: z
      .number()
      .int()
      .min(0)
      .max(3)
      .default(1)
      .meta({ title: 'http-call.retries', ui: { widget: 'slider', group: 'trouble' } }),
    repeatable: z
      .boolean()
      .default(false)
      .meta({
        title: 'http-call.repeatable',
        ui: { widget: 'switch', group: 'trouble', when: { method: ['POST', 'PATCH'] } },
      }),
    tries: z
      .enum(['send', 'sample'])
      .default('send')
      .meta({ title: 'http-call.tries', ui: { widget: 'segmented', group: 'trouble' } }),
  }),
  inputs: { in: port('flow') },
  outputs: (config) => {
    const ports: Record<string, Port> = { out: port('flow') }
    for (const { id, statuses } of config.branches) ports[branchPort(id)] = port('flow', { text: { en: statuses } })
    return { ...ports, error: port('flow') }
  },
  summary: ({ method, url }) =>
    url === '' ? { key: 'summary.none' } : { key: 'summary', params: { method, url: url.replace(/^https?:\/\//, '') } },
  variables: ({ map, sample }) => {
    const found = parseJson(sample)
    return map
      .filter(({ variable }) => variable !== '')
      .map(({ pointer, variable }) => ({ name: variable, type: typeOf(readPointer(found, pointer)) }))
  },
  check: (config, view) => {
    const problems: NodeProblem[] = []
    if (config.url.trim() === '') problems.push({ code: 'url-missing', severity: 'error', field: 'url' })
    else if (!/^(https?:\/\/[^/{\s]|\{\{)/i.test(config.url.trim()))
      problems.push({ code: 'url-invalid', severity: 'error', field: 'url' })
    else if (/^http:/i.test(config.url.trim())) problems.push({ code: 'url-open', severity: 'warning', field: 'url' })
    problems.push(...unknownNames('url', config.url, view))
    for (const { id, name, value } of config.headers) {
      if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
        problems.push({ code: 'header-name', severity: 'error', field: `headers.${id}.name` })
      problems.push(...unknownNames(`headers.${id}.value`, value, view))
    }
    if (config.method !== 'GET') {
      if (config.bodyKind === 'json' && config.body.trim() !== '' && parseJson(config.body) === undefined)
        problems.push({ code: 'body-not-json', severity: 'error', field: 'body' })
      if (config.bodyKind === 'json' || config.bodyKind === 'text')
        problems.push(...unknownNames('body', config.body, view))
      if (config.bodyKind === 'form')
        for (const { id, value } of config.fields) problems.push(...unknownNames(`fields.${id}.value`, value, view))
    }
    for (const { id, variable } of config.map)
      if (variable === '') problems.push({ code: 'variable-missing', severity: 'error', field: `map.${id}.variable` })
    for (const { id, statuses } of config.branches)
      if (parseStatuses(statuses).length === 0)
        problems.push({ code: 'statuses-invalid', severity: 'error', field: `branches.${id}.statuses` })
    if (config.tries === 'sample' && config.sample.trim() === '')
      problems.push({ code: 'sample-missing', severity: 'warning', field: 'sample' })
    problems.push(...checkText('waiting', config.waiting, view, { optional: true }))
    problems.push(...checkText('failed', config.failed, view, { optional: true }))
    return problems
  },
})

function unknownNames(field: string, text: string, { names }: TextView): NodeProblem[] {
  return [...new Set(placeholdersOf(text))]
    .filter((name) => names && !names.includes(name))
    .map((name) => ({ code: 'unknown-name', severity: 'warning', field, params: { name } }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function typeOf(value: unknown): VariableType | null {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'string' ? 'text' : null
}
