/** Type of a variable as a condition row sees it; `choice` compares as text. */
export type ValueType = 'text' | 'number' | 'date' | 'boolean' | 'choice'

/** What a row's value field holds: nothing, a text, a number, a date (ISO), a list of texts, a count of days or a pattern. */
export type OperandKind = 'none' | 'text' | 'number' | 'date' | 'list' | 'days' | 'pattern'

export interface OperatorInfo {
  /** Variable types that the operator is offered for. */
  types: readonly ValueType[]
  operand: OperandKind
  /** Language-free sign for one-line summaries. */
  sign: string
}

const everyType = ['text', 'number', 'date', 'boolean', 'choice'] as const

/** The table of row operators: the condition builder offers from it, `evaluateRow` decides by it. */
export const operators = {
  is: { types: ['text', 'choice'], operand: 'text', sign: '=' },
  'is-not': { types: ['text', 'choice'], operand: 'text', sign: '≠' },
  contains: { types: ['text'], operand: 'text', sign: '∋' },
  'contains-not': { types: ['text'], operand: 'text', sign: '∌' },
  'starts-with': { types: ['text'], operand: 'text', sign: '^' },
  'ends-with': { types: ['text'], operand: 'text', sign: '$' },
  'one-of': { types: ['text', 'choice'], operand: 'list', sign: '∈' },
  fits: { types: ['text'], operand: 'pattern', sign: '~' },
  equals: { types: ['number'], operand: 'number', sign: '=' },
  'equals-not': { types: ['number'], operand: 'number', sign: '≠' },
  greater: { types: ['number'], operand: 'number', sign: '>' },
  'at-least': { types: ['number'], operand: 'number', sign: '≥' },
  less: { types: ['number'], operand: 'number', sign: '<' },
  'at-most': { types: ['number'], operand: 'number', sign: '≤' },
  on: { types: ['date'], operand: 'date', sign: '=' },
  before: { types: ['date'], operand: 'date', sign: '<' },
  after: { types: ['date'], operand: 'date', sign: '>' },
  'within-days': { types: ['date'], operand: 'days', sign: '≤' },
  'older-than-days': { types: ['date'], operand: 'days', sign: '>' },
  'is-true': { types: ['boolean'], operand: 'none', sign: '✓' },
  'is-false': { types: ['boolean'], operand: 'none', sign: '✗' },
  'is-set': { types: everyType, operand: 'none', sign: '∃' },
  'is-not-set': { types: everyType, operand: 'none', sign: '∄' },
} as const satisfies Record<string, OperatorInfo>

export type Operator = keyof typeof operators
export const operatorNames = Object.keys(operators) as [Operator, ...Operator[]]

export function operatorsFor(type: ValueType): Operator[] {
  return operatorNames.filter((name) => (operators[name].types as readonly ValueType[]).includes(type))
}
