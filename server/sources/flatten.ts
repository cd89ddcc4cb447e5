const deepest = 8
/** Beyond it the rest of a record is one column of JSON. */
const mostColumns = 200

/**
 * A record as columns: what is inside of an object by its dotted path, a list of plain values joined by commas, any other list as JSON.
 * Null is no value.
 */
export function flatten(item: unknown): Record<string, string> {
  const columns: Record<string, string> = {}
  const walk = (value: unknown, at: string, depth: number): void => {
    if (value === null || value === undefined || at.split('.').includes('__proto__')) return
    if (typeof value !== 'object') {
      columns[at || 'value'] = String(value)
      return
    }
    if (Array.isArray(value)) {
      const isPlain = value.every((one) => one === null || typeof one !== 'object')
      columns[at || 'value'] = isPlain ? value.map((one) => String(one ?? '')).join(', ') : JSON.stringify(value)
    } else if (depth >= deepest || Object.keys(columns).length >= mostColumns) columns[at] = JSON.stringify(value)
    else for (const [name, inner] of Object.entries(value)) walk(inner, at === '' ? name : `${at}.${name}`, depth + 1)
  }
  walk(item, '', 0)
  return columns
}
