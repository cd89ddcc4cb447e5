import { isDay } from '../parse-date.ts'
import { isPattern } from '../pattern.ts'
import { type FunctionName, functionOf, type Kind } from './functions.ts'
import { type Token, toTokens } from './tokens.ts'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'
/** How two values are compared, decided by what is written, not by what happens to be there. */
export type CompareAs = 'text' | 'number' | 'boolean' | 'day' | 'unset' | 'any'

export type Expression =
  | { type: 'literal'; value: string | number | boolean | null }
  | { type: 'list'; items: Expression[] }
  | { type: 'name'; name: string }
  | { type: 'not'; of: Expression }
  | { type: 'negative'; of: Expression }
  | { type: 'and' | 'or'; left: Expression; right: Expression }
  | { type: 'compare'; sign: Comparison; as: CompareAs; left: Expression; right: Expression }
  | { type: 'in'; left: Expression; right: Expression }
  | { type: 'arithmetic'; sign: Arithmetic; left: Expression; right: Expression }
  | { type: 'call'; name: FunctionName; arguments: Expression[] }

/** What is wrong with an expression: the key of its words, and the piece [start, end) that it is about. */
export interface ExpressionProblem {
  code:
    | 'empty'
    | 'too-long'
    | 'too-deep'
    | 'unexpected'
    | 'unfinished'
    | 'text-open'
    | 'single-equals'
    | 'no-function'
    | 'arguments'
    | 'pattern'
    | 'order'
    | 'not-yes-no'
  start: number
  end: number
  found: string
}
export type ParsedExpression =
  | { ok: true; expression: Expression; names: readonly string[] }
  | { ok: false; problem: ExpressionProblem }

export const longestExpression = 2_000
const deepest = 32

class Refusal extends Error {
  readonly problem: ExpressionProblem

  constructor(problem: ExpressionProblem) {
    super(problem.code)
    this.problem = problem
  }
}

/** Reads and checks an expression. Never throws; linear in its length, and no deeper than `deepest` brackets. */
export function parseExpression(source: string): ParsedExpression {
  if (source.trim() === '') return refused('empty', 0, source.length, '')
  if (source.length > longestExpression) return refused('too-long', longestExpression, source.length, '')
  try {
    const names = new Set<string>()
    const expression = new Parser(source, names).whole()
    return { ok: true, expression, names: [...names] }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem }
    throw error
  }
}

function refused(code: ExpressionProblem['code'], start: number, end: number, found: string): ParsedExpression {
  return { ok: false, problem: { code, start, end, found } }
}

/** Words that are no names. */
export const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']

/** Precedence climbs from `||` to a dot, as in CEL, of whose syntax this is a part. */
class Parser {
  private readonly source: string
  private readonly names: Set<string>
  private readonly tokens: Token[]
  private at = 0
  private depth = 0

  constructor(source: string, names: Set<string>) {
    this.source = source
    this.names = names
    this.tokens = toTokens(source)
  }

  whole(): Expression {
    const expression = this.or()
    if (this.token) this.refuse('unexpected', this.token)
    const kind = kindOf(expression)
    if (kind !== 'boolean' && kind !== 'any')
      throw new Refusal({ code: 'not-yes-no', start: 0, end: this.source.length, found: this.source })
    return expression
  }

  private get token(): Token | undefined {
    return this.tokens[this.at]
  }
  private is(source: string): boolean {
    return this.token?.source === source && (this.token.kind === 'sign' || this.token.kind === 'name')
  }
  private take(source: string): boolean {
    if (!this.is(source)) return false
    this.at += 1
    return true
  }
  private need(source: string): void {
    if (!this.take(source)) this.refuse('unexpected', this.token)
  }
  private refuse(code: ExpressionProblem['code'], token: Token | undefined): never {
    const { length } = this.source
    if (!token) throw new Refusal({ code: 'unfinished', start: Math.max(0, length - 1), end: length, found: '' })
    const own =
      token.kind !== 'bad'
        ? code
        : /^["'“”]/.test(token.source)
          ? 'text-open'
          : /^[=＝]/.test(token.source)
            ? 'single-equals'
            : code
    throw new Refusal({ code: own, start: token.start, end: token.end, found: token.source })
  }
  private deeper<T>(read: () => T): T {
    this.depth += 1
    if (this.depth > deepest) this.refuse('too-deep', this.token ?? this.tokens.at(-1))
    const found = read()
    this.depth -= 1
    return found
  }

  private or(): Expression {
    let left = this.and()
    while (this.take('||')) left = { type: 'or', left, right: this.and() }
    return left
  }
  private and(): Expression {
    let left = this.comparison()
    while (this.take('&&')) left = { type: 'and', left, right: this.comparison() }
    return left
  }
  private comparison(): Expression {
    const left = this.sum()
    const token = this.token
    if (this.take('in')) return { type: 'in', left, right: this.sum() }
    if (token?.kind !== 'sign' || !comparisons.includes(token.source)) return left
    this.at += 1
    const right = this.sum()
    const sign = token.source as Comparison
    const as = compareAs(left, right)
    const ordered = sign !== '==' && sign !== '!='
    if (ordered && as !== 'number' && as !== 'day' && as !== 'any') this.refuse('order', token)
    return { type: 'compare', sign, as, left, right }
  }
  private sum(): Expression {
    let left = this.product()
    for (let sign = this.sign('+', '-'); sign; sign = this.sign('+', '-'))
      left = { type: 'arithmetic', sign, left, right: this.product() }
    return left
  }
  private product(): Expression {
    let left = this.unary()
    for (let sign = this.sign('*', '/', '%'); sign; sign = this.sign('*', '/', '%'))
      left = { type: 'arithmetic', sign, left, right: this.unary() }
    return left
  }
  private sign(...signs: Arithmetic[]): Arithmetic | undefined {
    return signs.find((sign) => this.take(sign))
  }
  private unary(): Expression {
    if (this.take('!')) return { type: 'not', of: this.deeper(() => this.unary()) }
    if (this.take('-')) return { type: 'negative', of: this.deeper(() => this.unary()) }
    return this.methods()
  }
  private methods(): Expression {
    let of = this.single()
    while (this.take('.')) {
      const token = this.token
      if (token?.kind !== 'name') this.refuse('unexpected', token)
      this.at += 1
      of = this.call(token, 'method', [of])
    }
    return of
  }
  private single(): Expression {
    const token = this.token
    if (!token) this.refuse('unfinished', token)
    this.at += 1
    if (token.kind === 'number' || token.kind === 'text') return { type: 'literal', value: token.value }
    if (token.kind === 'name') {
      if (Object.hasOwn(constants, token.source)) return { type: 'literal', value: constants[token.source]! }
      if (this.is('(')) return this.call(token, 'call', [])
      if (token.source === 'in') this.refuse('unexpected', token)
      this.names.add(token.source)
      return { type: 'name', name: token.source }
    }
    if (token.source === '(') {
      const inner = this.deeper(() => this.or())
      this.need(')')
      return inner
    }
    if (token.source === '[') return { type: 'list', items: this.deeper(() => this.items(']')) }
    return this.refuse('unexpected', token)
  }
  private items(end: string): Expression[] {
    const items: Expression[] = []
    if (this.take(end)) return items
    do items.push(this.or())
    while (this.take(','))
    this.need(end)
    return items
  }
  private call(name: Token, form: 'call' | 'method', first: Expression[]): Expression {
    const known = functionOf(name.source)
    if (known?.form !== form) this.refuse('no-function', name)
    this.need('(')
    const given = [...first, ...this.deeper(() => this.items(')'))]
    if (given.length !== known.arguments) this.refuse('arguments', name)
    const last = given.at(-1)
    if (known.pattern && !(last?.type === 'literal' && typeof last.value === 'string' && isPattern(last.value)))
      this.refuse('pattern', name)
    return { type: 'call', name: known.name, arguments: given }
  }
}

export function kindOf(expression: Expression): Kind {
  switch (expression.type) {
    case 'literal':
      if (expression.value === null) return 'unset'
      return typeof expression.value === 'string' ? 'text' : typeof expression.value === 'number' ? 'number' : 'boolean'
    case 'list':
      return 'list'
    case 'name':
      return 'any'
    case 'negative':
    case 'arithmetic':
      return 'number'
    case 'call':
      return functionOf(expression.name)?.gives ?? 'any'
    default:
      return 'boolean'
  }
}

/** One side that says what it is decides for both; a written day counts as one where days are put in order. */
function compareAs(left: Expression, right: Expression): CompareAs {
  const kinds = [kindOf(left), kindOf(right)]
  for (const kind of ['unset', 'day', 'number', 'boolean'] as const) if (kinds.includes(kind)) return kind
  for (const side of [left, right]) if (side.type === 'literal' && isDay(side.value)) return 'day'
  return kinds.includes('text') ? 'text' : 'any'
}
