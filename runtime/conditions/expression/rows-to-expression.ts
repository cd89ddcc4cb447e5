import type { ConditionGroup, ConditionRow } from '../evaluate.ts'
import { operators } from '../operators.ts'
import { isPattern } from '../pattern.ts'
import { listOf, toFolded, toNumber } from '../values.ts'
import { parseExpression } from './parse-expression.ts'

/** The same question as an expression; rows that are not finished yet are left out. */
export function rowsToExpression({ match, rows }: ConditionGroup): string {
  const parts = rows.flatMap((row) => rowToExpression(row) ?? [])
  const both = match === 'all' && parts.length > 1
  return parts
    .map((part) => (both && part.includes(' || ') ? `(${part})` : part))
    .join(match === 'all' ? ' && ' : ' || ')
}

/** One row; null where it has no variable that an expression can name, or nothing to compare with. */
function rowToExpression({ variable, operator, value }: ConditionRow): string | null {
  if (!parseExpression(`known(${variable})`).ok) return null
  const { operand } = operators[operator]
  // A list where one value is wanted is what another comparison left behind.
  if (typeof value === 'object' && operand !== 'list' && operand !== 'none') return null
  const number = toNumber(value)
  if ((operand === 'number' || operand === 'days') && number === null) return null
  if (operand === 'list' && itemsOf(value).length === 0) return null
  if ((operand === 'text' || operand === 'pattern' || operand === 'date') && toFolded(value) === '') return null
  // A number left behind names no day, but its text may look like one: 6.4e-323.
  if (operand === 'date' && typeof value !== 'string') return null
  if (operand === 'pattern' && !isPattern(String(value))) return null
  const text = quoted(String(value))
  const day = `day(${text})`
  switch (operator) {
    case 'is':
      return `${variable} == ${text}`
    case 'is-not':
      return `${variable} != ${text}`
    case 'contains':
      return `${variable}.contains(${text})`
    case 'contains-not':
      return `!${variable}.contains(${text})`
    case 'starts-with':
      return `${variable}.startsWith(${text})`
    case 'ends-with':
      return `${variable}.endsWith(${text})`
    case 'one-of':
      return `${variable} in [${itemsOf(value).map(quoted).join(', ')}]`
    case 'fits':
      return `${variable}.fits(${text})`
    case 'equals':
      return `${variable} == ${number}`
    case 'equals-not':
      return `${variable} != ${number}`
    case 'greater':
      return `${variable} > ${number}`
    case 'at-least':
      return `${variable} >= ${number}`
    case 'less':
      return `${variable} < ${number}`
    case 'at-most':
      return `${variable} <= ${number}`
    case 'on':
      return `day(${variable}) == ${day}`
    case 'before':
      return `day(${variable}) < ${day}`
    case 'after':
      return `day(${variable}) > ${day}`
    case 'within-days':
      return `daysSince(${variable}) >= 0 && daysSince(${variable}) <= ${number}`
    case 'older-than-days':
      return `daysSince(${variable}) > ${number}`
    case 'is-true':
      return `${variable} == true`
    case 'is-false':
      return `${variable} == false`
    case 'is-set':
      return `known(${variable})`
    case 'is-not-set':
      return `!known(${variable})`
  }
}

function itemsOf(value: ConditionRow['value']): string[] {
  return listOf(value).filter((item) => toFolded(item) !== '')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
