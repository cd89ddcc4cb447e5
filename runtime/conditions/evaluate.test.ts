import { describe, expect, test } from 'vitest'
import { type ConditionRow, evaluateGroup, evaluateRow } from './evaluate.ts'
import { type Operator, operatorNames, operatorsFor } from './operators.ts'

const view = {
  now: '2026-11-24T15:59:00Z',
  timeZone: 'Asia/Shanghai',
  variables: {
    name: ' 王小明 ',
    code: 'LB-20',
    amount: 12.5,
    typed: '1,200',
    bought: '2026-11-20',
    paid: true,
    zero: 0,
    empty: '',
  },
}
const holds = (variable: string, operator: Operator, value: ConditionRow['value'] = '') =>
  evaluateRow({ variable, operator, value }, view)

describe('rows', () => {
  test.each([
    ['name', 'is', '王小明', true],
    ['code', 'is', 'ｌｂ-20', true],
    ['code', 'is-not', 'lb-21', true],
    ['missing', 'is-not', 'x', true],
    ['code', 'contains', 'b-2', true],
    ['missing', 'contains', '', false],
    ['code', 'contains-not', 'z', true],
    ['code', 'starts-with', 'lb', true],
    ['code', 'ends-with', '20', true],
    ['code', 'one-of', ['x', 'lb-20'], true],
    ['code', 'one-of', 'x，LB-20', true],
    ['code', 'fits', '^lb-[0-9]+$', true],
    ['code', 'fits', '(', false],
    ['amount', 'equals', 12.5, true],
    ['amount', 'greater', '12', true],
    ['typed', 'at-least', 1200, true],
    ['amount', 'less', 12.5, false],
    ['amount', 'at-most', 12.5, true],
    ['name', 'greater', 1, false],
    ['missing', 'less', 1, false],
    ['missing', 'equals-not', 1, true],
    ['bought', 'on', '2026-11-20', true],
    ['bought', 'before', '今天', true],
    ['bought', 'after', '2026-11-20', false],
    ['bought', 'within-days', 4, true],
    ['bought', 'within-days', 3, false],
    ['bought', 'older-than-days', 3, true],
    ['name', 'before', '2026-11-20', false],
    ['paid', 'is-true', '', true],
    ['paid', 'is-false', '', false],
    ['missing', 'is-false', '', false],
    ['zero', 'is-set', '', true],
    ['empty', 'is-set', '', false],
    ['missing', 'is-not-set', '', true],
    ['toString', 'is-set', '', false],
  ] as [string, Operator, ConditionRow['value'], boolean][])(
    '%s %s %s is %s',
    (variable, operator, value, expected) => {
      expect(holds(variable, operator, value)).toBe(expected)
    },
  )
})

test('the day is the bot’s own: at 23:59 in Shanghai it is still the 24th', () => {
  const late = { ...view, variables: { day: '2026-11-24' } }
  expect(evaluateRow({ variable: 'day', operator: 'within-days', value: 0 }, late)).toBe(true)
  expect(
    evaluateRow({ variable: 'day', operator: 'within-days', value: 0 }, { ...late, now: '2026-11-24T16:01:00Z' }),
  ).toBe(false)
})

test('all and any; a group without rows never holds', () => {
  const yes: ConditionRow = { variable: 'paid', operator: 'is-true', value: '' }
  const no: ConditionRow = { variable: 'paid', operator: 'is-false', value: '' }
  expect(evaluateGroup({ match: 'all', rows: [yes, no] }, view)).toBe(false)
  expect(evaluateGroup({ match: 'any', rows: [no, yes] }, view)).toBe(true)
  expect(evaluateGroup({ match: 'all', rows: [] }, view)).toBe(false)
})

test('every operator is offered for some type and never throws, whatever it is given', () => {
  const offered = new Set((['text', 'number', 'date', 'boolean', 'choice'] as const).flatMap(operatorsFor))
  expect([...offered].sort()).toEqual([...operatorNames].sort())
  for (const operator of operatorNames)
    for (const value of ['', 'x', '{{name}}', Number.NaN, true, []] as ConditionRow['value'][])
      for (const variable of Object.keys(view.variables)) expect(() => holds(variable, operator, value)).not.toThrow()
})
