/** The value at a place of a parsed JSON document (JSON Pointer, RFC 6901; '' is the whole); undefined where there is none. */
export function readPointer(document: unknown, pointer: string): unknown {
  let value = document
  for (const token of tokensOf(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token)) return undefined
    if (Array.isArray(value) && !/^\d+$/.test(token)) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}

/** The steps of a pointer; none for the whole document. */
export function tokensOf(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .replace(/^\//, '')
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function toPointer(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
