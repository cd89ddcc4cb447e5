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

test('an expression decides as well as rules do, and sees the bot’s parameters', async () => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      c: {
        type: 'condition',
        config: {
          branches: [
            { id: 'big', kind: 'expression', expression: '(金额 - 折扣) * 2 > 1000 && 品牌.contains("lantern")' },
            { id: 'broken', kind: 'expression', expression: '金额 >' },
          ],
        },
      },
      big: { type: 'end' },
      broken: { type: 'end' },
      rest: { type: 'end' },
    },
    ['s -> c', 'c/branch:big -> big', 'c/branch:broken -> broken', 'c/else -> rest'],
    { parameters: { p: { id: 'p', name: '品牌', title: {}, type: 'text', value: 'Lantern & Co' } } },
  )
  const walkWith = async (amount: number) => {
    graph.variables = {
      a: { id: 'a', name: '金额', type: 'number', default: amount },
      b: { id: 'b', name: '折扣', type: 'number', default: 20 },
    }
    const chat = new ChatDriver(graph)
    await chat.start()
    return chat.path().at(-1)
  }
  expect(await walkWith(600)).toBe('big')
  expect(await walkWith(519)).toBe('rest')
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
  const written = (expression: string) => codes({ branches: [{ id: 'b', kind: 'expression', expression }] })
  expect(written('')).toEqual(['expression-empty'])
  expect(written('a > 5')).toEqual([])
  expect(written('a > 5 && x == 1')).toEqual(['unknown-name'])
  expect(written('a >')).toEqual(['expression-unfinished'])
})
