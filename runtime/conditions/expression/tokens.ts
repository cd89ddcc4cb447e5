export type TokenKind = 'name' | 'number' | 'text' | 'sign' | 'bad'

/** A word of an expression: [start, end) in UTF-16 code units; `value` is what a text or a number stands for. */
export interface Token {
  kind: TokenKind
  start: number
  end: number
  source: string
  value: string | number
}

/** Longer ones first. */
const signs = ['&&', '||', '==', '!=', '<=', '>=', '<', '>', '!', '(', ')', '[', ']', ',', '.', '+', '-', '*', '/', '%']
/** What a site says of its visitor has a dot in its name; a variable that is called `visitor` may still have functions behind one. */
const name = /visitor\.[\p{L}_][\p{L}\p{N}_]*(?![\p{L}\p{N}_(])|[\p{L}_][\p{L}\p{N}_]*/uy
const digits = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/y
const blank = /\s+/y
const escapes: Record<string, string> = { n: '\n', t: '\t' }

/** Signs as Chinese input methods write them. */
const wide: Record<string, string> = {
  '（': '(',
  '）': ')',
  '，': ',',
  '！': '!',
  '［': '[',
  '］': ']',
  '“': '"',
  '”': '"',
}
const toPlain = (source: string): string =>
  source.replace(/[（），！［］“”＝＜＞＋－＊／％＆｜．]/g, (sign) => wide[sign] ?? sign.normalize('NFKC'))

/** Cuts an expression into words, from left to right, whatever it is given; what is none of ours is `bad`. */
export function toTokens(source: string): Token[] {
  const plain = toPlain(source)
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  const push = (kind: TokenKind, length: number, value?: string | number) => {
    const end = Math.min(source.length, at + length)
    const own = kind === 'sign' ? plain.slice(at, end) : source.slice(at, end)
    tokens.push({ kind, start: at, end, source: own, value: value ?? own })
    at = end
  }
  while (at < source.length) {
    const space = match(blank)
    if (space) {
      at += space.length
      continue
    }
    const word = match(name)
    const number = word ? undefined : match(digits)
    const sign = signs.find((one) => plain.startsWith(one, at))
    if (word) push('name', word.length)
    else if (number) push('number', number.length, Number(number))
    else if (plain[at] === '"' || plain[at] === "'") pushText()
    else if (sign) push('sign', sign.length)
    else push('bad', source.codePointAt(at)! > 0xffff ? 2 : 1)
  }
  return tokens

  function pushText(): void {
    const quote = plain[at]
    let value = ''
    let next = at + 1
    while (next < source.length && plain[next] !== quote) {
      if (source[next] === '\\') {
        next += 1
        value += escapes[source[next] ?? ''] ?? source[next] ?? ''
      } else value += source[next]
      next += 1
    }
    // A text without an end is told apart by its last character.
    push(plain[next] === quote ? 'text' : 'bad', next + 1 - at, value)
  }
}
