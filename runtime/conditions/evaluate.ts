import { foldText } from './normalise.ts'
import type { Operator } from './operators.ts'
import { daysBetween, today } from './parse-date.ts'
import { findPattern } from './pattern.ts'
import { type ConditionView, isSet, listOf, lookUp, toDay, toFolded, toNumber, toTruth } from './values.ts'

export interface ConditionRow {
  variable: string
  operator: Operator
  value: string | number | boolean | readonly string[]
}
export interface ConditionGroup {
  match: 'all' | 'any'
  rows: readonly ConditionRow[]
}

/** Whether a group of rows holds. One without rows never does: an unfinished branch must not swallow everybody. */
export function evaluateGroup(group: ConditionGroup, view: ConditionView): boolean {
  if (group.rows.length === 0) return false
  return group.match === 'all'
    ? group.rows.every((row) => evaluateRow(row, view))
    : group.rows.some((row) => evaluateRow(row, view))
}

/**
 * One row. Never throws: an unset variable, or one that cannot be read as the operator's type, fails every operator but
 * `is-not-set` and the negative ones. Values are compared as they are, never parsed as templates.
 */
export function evaluateRow(row: ConditionRow, view: ConditionView): boolean {
  const value = lookUp(view, row.variable)
  const set = isSet(value)
  const text = toFolded(value)
  const wanted = Array.isArray(row.value) ? '' : foldText(String(row.value))
  switch (row.operator) {
    case 'is-set':
      return set
    case 'is-not-set':
      return !set
    case 'is':
      return set && text === wanted
    case 'is-not':
      return text !== wanted
    case 'contains':
      return set && wanted !== '' && text.includes(wanted)
    case 'contains-not':
      return wanted === '' || !text.includes(wanted)
    case 'starts-with':
      return set && wanted !== '' && text.startsWith(wanted)
    case 'ends-with':
      return set && wanted !== '' && text.endsWith(wanted)
    case 'one-of':
      return set && listOf(row.value).some((item) => foldText(item) === text)
    case 'fits':
      return set && findPattern(String(row.value), String(value)) !== null
    case 'is-true':
      return toTruth(value) === true
    case 'is-false':
      return toTruth(value) === false
    case 'on':
    case 'before':
    case 'after':
    case 'within-days':
    case 'older-than-days':
      return compareDates(row.operator, value, row.value, view)
    default:
      return compareNumbers(row.operator, value, row.value)
  }
}

type NumberOperator = 'equals' | 'equals-not' | 'greater' | 'at-least' | 'less' | 'at-most'
function compareNumbers(operator: NumberOperator, value: unknown, operand: ConditionRow['value']): boolean {
  const left = toNumber(value)
  const right = toNumber(operand)
  if (left === null || right === null) return operator === 'equals-not'
  switch (operator) {
    case 'equals':
      return left === right
    case 'equals-not':
      return left !== right
    case 'greater':
      return left > right
    case 'at-least':
      return left >= right
    case 'less':
      return left < right
    case 'at-most':
      return left <= right
  }
}

type DateOperator = 'on' | 'before' | 'after' | 'within-days' | 'older-than-days'
function compareDates(
  operator: DateOperator,
  value: unknown,
  operand: ConditionRow['value'],
  view: ConditionView,
): boolean {
  const left = toDay(value, view)
  if (left === null) return false
  if (operator === 'within-days' || operator === 'older-than-days') {
    const days = toNumber(operand)
    if (days === null) return false
    const age = daysBetween(left, today(view.now, view.timeZone))
    // A day to come is neither old nor within the last days.
    return operator === 'within-days' ? age >= 0 && age <= days : age > days
  }
  const right = toDay(operand, view)
  if (right === null) return false
  return operator === 'on' ? left === right : operator === 'before' ? left < right : left > right
}
