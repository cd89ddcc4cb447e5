import { daysBetween, today } from '../parse-date.ts'
import { findPattern } from '../pattern.ts'
import { type ConditionView, isSet, lookUp, toDay, toFolded, toNumber, toTruth } from '../values.ts'
import type { FunctionName } from './functions.ts'
import type { Comparison, Expression } from './parse-expression.ts'
import { parseExpression } from './parse-expression.ts'

/** Parsed expressions by source; null marks one that does not parse. Bounded, since authors type many half ones. */
const parsed = new Map<string, Expression | null>()
const mostKept = 500

/**
 * Whether an expression holds. Never throws, and takes steps in proportion to its length: there are no loops, and patterns
 * are RE2's. One that does not parse never holds, nor does a comparison with what is not set or cannot be read.
 */
export function holdsExpression(source: string, view: ConditionView): boolean {
  let expression = parsed.get(source)
  if (expression === undefined) {
    const read = parseExpression(source)
    expression = read.ok ? read.expression : null
    if (parsed.size >= mostKept) parsed.clear()
    parsed.set(source, expression)
  }
  return expression !== null && isTrue(evaluate(expression, view))
}

const isTrue = (value: unknown): boolean => toTruth(value) === true

function evaluate(expression: Expression, view: ConditionView): unknown {
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'name':
      return lookUp(view, expression.name)
    case 'list':
      return expression.items.map((item) => evaluate(item, view))
    case 'not':
      return !isTrue(evaluate(expression.of, view))
    case 'and':
      return isTrue(evaluate(expression.left, view)) && isTrue(evaluate(expression.right, view))
    case 'or':
      return isTrue(evaluate(expression.left, view)) || isTrue(evaluate(expression.right, view))
    case 'in': {
      const value = evaluate(expression.left, view)
      const list = evaluate(expression.right, view)
      const items = Array.isArray(list) ? list : [list]
      return isSet(value) && items.some((item) => isSet(item) && toFolded(item) === toFolded(value))
    }
    case 'compare':
      return compare(expression, evaluate(expression.left, view), evaluate(expression.right, view), view)
    case 'negative':
      return calculate('-', 0, evaluate(expression.of, view))
    case 'arithmetic':
      return calculate(expression.sign, evaluate(expression.left, view), evaluate(expression.right, view))
    case 'call':
      return call(
        expression.name,
        expression.arguments.map((one) => evaluate(one, view)),
        view,
      )
  }
}

function compare(
  { sign, as }: Extract<Expression, { type: 'compare' }>,
  left: unknown,
  right: unknown,
  view: ConditionView,
): boolean {
  if (sign === '!=') return !same(as, left, right, view)
  if (sign === '==') return same(as, left, right, view)
  const numbers = as === 'day' ? null : both(left, right, toNumber)
  if (numbers) return inOrder(sign, numbers[0] - numbers[1])
  const days = as === 'number' ? null : both(left, right, (value) => toDay(value, view))
  return days !== null && inOrder(sign, days[0] < days[1] ? -1 : Number(days[0] !== days[1]))
}

function same(
  as: Extract<Expression, { type: 'compare' }>['as'],
  left: unknown,
  right: unknown,
  view: ConditionView,
): boolean {
  const equal = <T>(read: (value: unknown) => T | null): boolean => {
    const pair = both(left, right, read)
    return pair !== null && pair[0] === pair[1]
  }
  switch (as) {
    case 'unset':
      return !isSet(left) && !isSet(right)
    case 'number':
      return equal(toNumber)
    case 'boolean':
      return equal(toTruth)
    case 'day':
      return equal((value) => toDay(value, view))
    case 'text':
      return isSet(left) && isSet(right) && toFolded(left) === toFolded(right)
    case 'any':
      return isSet(left) && isSet(right) && (equal(toNumber) || toFolded(left) === toFolded(right))
  }
}

function both<T>(left: unknown, right: unknown, read: (value: unknown) => T | null): [T, T] | null {
  const [a, b] = [read(left), read(right)]
  return a === null || b === null ? null : [a, b]
}

function inOrder(sign: Comparison, difference: number): boolean {
  switch (sign) {
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    default:
      return difference >= 0
  }
}

function calculate(sign: '+' | '-' | '*' | '/' | '%', left: unknown, right: unknown): number | null {
  const pair = both(left, right, toNumber)
  if (!pair) return null
  const [a, b] = pair
  const result = sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : sign === '/' ? a / b : a % b
  return Number.isFinite(result) ? result : null
}

function call(name: FunctionName, [first, second]: unknown[], view: ConditionView): unknown {
  const text = toFolded(first)
  const wanted = toFolded(second)
  switch (name) {
    case 'known':
      return isSet(first)
    case 'number':
      return toNumber(first)
    case 'size':
      return Array.isArray(first) ? first.length : [...String(first ?? '')].length
    case 'day':
      return toDay(first, view)
    case 'today':
      return today(view.now, view.timeZone)
    case 'daysSince': {
      const day = toDay(first, view)
      return day === null ? null : daysBetween(day, today(view.now, view.timeZone))
    }
    case 'contains':
      return isSet(first) && wanted !== '' && text.includes(wanted)
    case 'startsWith':
      return isSet(first) && wanted !== '' && text.startsWith(wanted)
    case 'endsWith':
      return isSet(first) && wanted !== '' && text.endsWith(wanted)
    case 'fits':
      return isSet(first) && findPattern(String(second), String(first)) !== null
  }
}
