/** White space, then a mark, a word or number, or the quote that a string begins with (RFC 8259). */
const token = /[ \t\n\r]*(?:([{}[\]:,])|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-]))|("))/y
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/** What may come next: a value, the first value or the end of a list, likewise of an object, and what follows each. */
type Wanted = 'value' | 'value-or-]' | 'key' | 'key-or-}' | ':' | ', or end'

const isKey = (wanted: Wanted): boolean => wanted === 'key' || wanted === 'key-or-}'

/**
 * The place where a text stops being JSON, counted from 1 as editors do; its end for one that breaks off. Engines tell that
 * place in words of their own, in English, and some not at all.
 */
export function jsonFault(text: string): { line: number; column: number } {
  const at = faultAt(text)
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

function faultAt(text: string): number {
  const open: ('[' | '{')[] = []
  let wanted: Wanted = 'value'
  let at = 0
  for (;;) {
    token.lastIndex = at
    const found = token.exec(text)
    const start = found ? token.lastIndex - (found[1] ?? found[2] ?? found[3] ?? '').length : skipSpace(text, at)
    if (!found) return start
    at = token.lastIndex
    const [, mark, word, quote] = found
    const inside = open.at(-1)
    if (quote !== undefined) {
      if (wanted === ':' || wanted === ', or end') return start
      const fault = endOfString(text, at)
      if (text[fault] !== '"') return fault
      at = fault + 1
      wanted = isKey(wanted) ? ':' : ', or end'
    } else if (word !== undefined || mark === '[' || mark === '{') {
      if (wanted !== 'value' && wanted !== 'value-or-]') return start
      if (mark === '[' || mark === '{') open.push(mark)
      wanted = mark === '[' ? 'value-or-]' : mark === '{' ? 'key-or-}' : ', or end'
    } else if (mark === ':') {
      if (wanted !== ':') return start
      wanted = 'value'
    } else if (mark === ',') {
      if (wanted !== ', or end' || !inside) return start
      wanted = inside === '[' ? 'value' : 'key'
    } else {
      const opened = mark === ']' ? '[' : '{'
      const empty: Wanted = mark === ']' ? 'value-or-]' : 'key-or-}'
      if (inside !== opened || (wanted !== ', or end' && wanted !== empty)) return start
      open.pop()
      wanted = ', or end'
    }
  }
}

/** Where the string that begins here ends: at its quote, or at the first character that no string holds. */
function endOfString(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '"' && text[at]! >= ' ') {
    escaped.lastIndex = at
    if (text[at] !== '\\') at++
    else if (escaped.test(text)) at = escaped.lastIndex
    else break
  }
  return at
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  return at
}
