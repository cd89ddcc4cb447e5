import { expect, test } from 'vitest'
import { outputPorts } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { condition } from './node.ts'

const branches = [
  { id: 'vip', name: 'VIP', match: 'any', rows: [{ id: 'r1', variable: 'level', operator: 'is', value: 'vip' }] },
  {
    id: 'big',
    name: '',
    match: 'all',
    rows: [
      { id: 'r2', variable: 'amount', operator: 'greater', value: 500 },
      { id: 'r3', variable: 'level', operator: 'is-not-set', value: '' },
    ],
  },
]
describeBlock(condition, import.meta.url, { branches })

const walk = async (variables: Record<string, string | number>) => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      c: { type: 'condition', config: { branches } },
      vip: { type: 'end' },
      big: { type: 'end' },
      rest: { type: 'end' },
    },
    ['s -> c', 'c/branch:vip -> vip', 'c/branch:big -> big', 'c/else -> rest'],
  )
  for (const [name, value] of Object.entries(variables))
    graph.variables[name] = { id: name, name, type: 'text', default: value }
  const chat = new ChatDriver(graph)
  await chat.start()
  return chat.path().at(-1)
}

test('the first branch that holds is taken, else the other door', async () => {
  expect(await walk({ level: 'VIP', amount: 900 })).toBe('vip')
  expect(await walk({ amount: 900 })).toBe('big')
  expect(await walk({ amount: 900, level: 'basic' })).toBe('rest')
  expect(await walk({})).toBe('rest')
})

test('a port shows the branch’s name, or its rules in signs', () => {
  const ports = outputPorts(condition, condition.config.parse({ branches }), { labels: [], rows: 0 })
  expect(Object.entries(ports).map(([id, { text }]) => [id, text?.en])).toEqual([
    ['branch:vip', 'VIP'],
    ['branch:big', 'amount > 500 & level ∄'],
    ['else', undefined],
  ])
})

test('problems: no branches, no rules, no value, a bad pattern, a variable that nothing sets', () => {
  const codes = (config: unknown) =>
    condition.check?.(condition.config.parse(config), { languages: ['en'], names: ['a'] }).map(({ code }) => code)
  const row = (rule: Record<string, unknown>) => ({ branches: [{ id: 'b', rows: [{ id: 'r', ...rule }] }] })
  expect(codes({})).toEqual(['branches-empty'])
  expect(codes({ branches: [{ id: 'b' }] })).toEqual(['rows-empty'])
  expect(codes(row({ variable: 'a', operator: 'is', value: '' }))).toEqual(['value-missing'])
  expect(codes(row({ variable: 'a', operator: 'fits', value: '(' }))).toEqual(['pattern-bad'])
  expect(codes(row({ variable: 'x', operator: 'is-set' }))).toEqual(['unknown-name'])
})
