/** What a part of an expression is, as far as it can be told without running it. */
export type Kind = 'text' | 'number' | 'boolean' | 'day' | 'list' | 'unset' | 'any'

export interface FunctionInfo {
  /** `known(x)`, or `x.contains(y)`: what stands before the dot is the first argument. */
  form: 'call' | 'method'
  arguments: number
  gives: Kind
  /** The last argument is a pattern, written out. */
  pattern?: true
}

/** Every function that an expression may call; editor, check and evaluation read this one table. */
export const expressionFunctions = {
  known: { form: 'call', arguments: 1, gives: 'boolean' },
  number: { form: 'call', arguments: 1, gives: 'number' },
  size: { form: 'call', arguments: 1, gives: 'number' },
  day: { form: 'call', arguments: 1, gives: 'day' },
  today: { form: 'call', arguments: 0, gives: 'day' },
  daysSince: { form: 'call', arguments: 1, gives: 'number' },
  contains: { form: 'method', arguments: 2, gives: 'boolean' },
  startsWith: { form: 'method', arguments: 2, gives: 'boolean' },
  endsWith: { form: 'method', arguments: 2, gives: 'boolean' },
  fits: { form: 'method', arguments: 2, gives: 'boolean', pattern: true },
} as const satisfies Record<string, FunctionInfo>

export type FunctionName = keyof typeof expressionFunctions
export const functionNames = Object.keys(expressionFunctions) as FunctionName[]

export function functionOf(name: string): (FunctionInfo & { name: FunctionName }) | null {
  const known = functionNames.find((one) => one === name)
  return known ? { name: known, ...expressionFunctions[known] } : null
}
