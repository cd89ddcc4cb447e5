import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluateGroup } from '../evaluate.ts'
import { operatorNames } from '../operators.ts'
import { holdsExpression } from './evaluate-expression.ts'
import { expressionFunctions, functionNames } from './functions.ts'
import { longestExpression, parseExpression } from './parse-expression.ts'
import { rowsToExpression } from './rows-to-expression.ts'

const view = {
  now: '2026-11-24T15:59:00Z',
  timeZone: 'Asia/Shanghai',
  variables: {
    金额: 620,
    等级: 'VIP',
    typed: '1,200',
    bought: '2026-11-20',
    said: '昨天',
    code: 'LB-20',
    paid: true,
    spoken: 'false',
    empty: '',
  },
  parameters: { brand: 'Lantern', 等级: 'shadowed' },
}
const holds = (source: string) => holdsExpression(source, view)
const problem = (source: string) => {
  const parsed = parseExpression(source)
  return parsed.ok ? null : [parsed.problem.code, source.slice(parsed.problem.start, parsed.problem.end)]
}

describe('an expression', () => {
  test.each([
    ['金额 > 500 && 等级 == "vip"', true],
    ['金额 > 500 && (等级 == "gold" || 等级 == "silver")', false],
    ['!(金额 > 500) || paid', true],
    ['金额 * 2 - 240 == 1000', true],
    ['1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 % 4 == 3 && 10 / 4 == 2.5 && -3 < -2', true],
    ['typed >= 1200', true],
    ['typed == "1200"', false],
    ['code.contains("b-2") && code.startsWith("ｌｂ") && code.endsWith("20")', true],
    ['code.fits("^lb-[0-9]+$")', true],
    ['等级 in ["gold", "vip"]', true],
    ['missing in ["gold", ""]', false],
    ['known(code) && !known(missing) && !known(empty)', true],
    ['missing == null && code != null', true],
    ['paid == true && spoken == false && missing != true', true],
    ['missing > 3 || missing < 3 || missing == 3 || 3 == missing', false],
    ['missing != 3 && missing != "a"', true],
    ['code > 3', false],
    ['金额 / 0 > 1', false],
    ['daysSince(bought) <= 4 && daysSince(said) == 1', true],
    ['day(said) == "2026-11-23" && day(said) < today() && bought < "2026-11-21"', true],
    ['size(code) == 5 && size(missing) == 0', true],
    ['brand == "lantern"', true],
    ['等级 == "shadowed"', false],
    ["code == 'LB-20' && code != 'it\\'s'", true],
    ['number(typed) + 1 == 1201', true],
    ['（金额 ＞ 500）&& 等级 ＝＝ “vip”', true],
    ['code.contains（“，”）', false],
    ['paid', true],
    ['code', false],
  ])('%s is %s', (source, expected) => {
    expect(problem(source)).toBeNull()
    expect(holds(source)).toBe(expected)
  })

  test('names what it reads, each once, and nothing that it calls', () => {
    const parsed = parseExpression('金额 > 5 && known(code) || 金额 < size(code.fits("a") || brand)')
    expect(parsed.ok && parsed.names).toEqual(['金额', 'code', 'brand'])
  })

  test.each([
    ['', 'empty', ''],
    ['   ', 'empty', '   '],
    ['金额 >', 'unfinished', '>'],
    ['金额 > 500 等级', 'unexpected', '等级'],
    ['(金额 > 500', 'unfinished', '0'],
    ['金额 = 500', 'single-equals', '='],
    ['等级 == "vip', 'text-open', '"vip'],
    ['eval("1")', 'no-function', 'eval'],
    ['code.matches("(a+)+$")', 'no-function', 'matches'],
    ['code.constructor("x")', 'no-function', 'constructor'],
    ['known(code, 等级)', 'arguments', 'known'],
    ['code.fits("(")', 'pattern', 'fits'],
    ['code.fits(typed)', 'pattern', 'fits'],
    ['等级 > "gold"', 'order', '>'],
    ['金额 + 1', 'not-yes-no', '金额 + 1'],
    ['"vip"', 'not-yes-no', '"vip"'],
    ['金额 > 500; 等级', 'unexpected', ';'],
    ['code.', 'unfinished', '.'],
    ['in', 'unexpected', 'in'],
  ])('%s is refused where it is wrong: %s', (source, code, piece) => {
    expect(problem(source)).toEqual([code, piece])
    expect(holds(source)).toBe(false)
  })
})

describe('whatever somebody writes', () => {
  test.each([
    ['brackets', `${'('.repeat(900)}金额 > 1${')'.repeat(900)}`, 'too-deep'],
    ['denials', `${'!'.repeat(1_900)}paid`, 'too-deep'],
    ['lists', `paid in ${'['.repeat(900)}${']'.repeat(900)}`, 'too-deep'],
    ['length', `paid == "${'a'.repeat(longestExpression)}"`, 'too-long'],
  ])('%s without end are refused at once', (_, source, code) => {
    expect(problem(source)?.[0]).toBe(code)
  })

  test('a pattern that takes other engines an hour, and a value as long as a message may be, take a moment', () => {
    const long = { ...view, variables: { text: `${'a'.repeat(4_000)}!` } }
    const source = Array.from({ length: 20 }, () => 'text.fits("(a+)+$")').join(' || ')
    expect(problem(source)).toBeNull()
    expect(holdsExpression(source, long)).toBe(false)
  })

  test('a chain as long as an expression may be is evaluated', () => {
    const source = Array.from({ length: 220 }, () => '1 == 2').join(' ||')
    expect(problem(source)).toBeNull()
    expect(holds(source)).toBe(false)
  })

  test('names that every object has are nobody’s', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])
      expect(holds(`known(${name})`), name).toBe(false)
  })

  test('any text parses or is refused with a piece of it, and is evaluated to yes or no', () => {
    const words = fc.constantFrom(
      ...[
        '(',
        ')',
        '[',
        ']',
        '"',
        "'",
        '\\',
        '&&',
        '||',
        '!',
        '==',
        '=',
        '<',
        '.',
        ',',
        ' in ',
        '金额',
        '💥',
        '1e9',
        'null',
      ],
      ...functionNames,
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 40 }), (parts) => {
        const source = parts.join('')
        const parsed = parseExpression(source)
        expect(typeof holds(source)).toBe('boolean')
        if (parsed.ok) return
        expect(parsed.problem.start).toBeGreaterThanOrEqual(0)
        expect(parsed.problem.end).toBeLessThanOrEqual(Math.max(source.length, parsed.problem.start))
        expect(holds(source)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('rows become an expression that answers as they do', () => {
  const value = fc.oneof(
    fc.constantFrom('vip', 'VIP ', '620', '1,200', '2026-11-20', '昨天', 'LB', '^lb', '(', 'it"s\n\\', '3', 'true'),
    fc.string({ maxLength: 8 }),
    fc.integer({ min: -2_000, max: 2_000 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.array(fc.constantFrom('vip', 'gold', 'LB-20', ''), { maxLength: 3 }),
  )
  const row = fc.record({
    variable: fc.constantFrom(...Object.keys(view.variables), 'missing'),
    operator: fc.constantFrom(...operatorNames),
    value,
  })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.constantFrom('all', 'any'), (rows, match) => {
      // A row that is not finished yet has no words in the expression.
      const finished = rows.filter((one) => rowsToExpression({ match, rows: [one] }) !== '')
      const group = { match, rows: finished } as const
      const source = rowsToExpression(group)
      expect(holds(source), source).toBe(evaluateGroup(group, view))
    }),
    { numRuns: 3_000 },
  )
})

test('rows that cannot be said are left out: unfinished ones, and a variable called like a word of the language', () => {
  const row = (variable: string, value = 'x') => ({ variable, operator: 'is' as const, value })
  expect(rowsToExpression({ match: 'all', rows: [row('a'), row('', 'x'), row('b', ''), row('in')] })).toBe('a == "x"')
})

test('a number left behind under a date comparison is no day', () => {
  const left = { variable: 'bought', operator: 'after' as const, value: 6.4e-323 }
  expect(evaluateGroup({ match: 'all', rows: [left] }, view)).toBe(false)
  expect(rowsToExpression({ match: 'all', rows: [left] })).toBe('')
})

test('every function has a form and says what it gives', () => {
  for (const name of functionNames) expect(expressionFunctions[name]).toMatchObject({ gives: expect.any(String) })
})
