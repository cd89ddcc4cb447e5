const deepest = 8
/** Beyond it the rest of a document is one column of JSON. */
const mostColumns = 200

/**
 * A document as columns: what is inside of an object by its dotted path, a list of plain values joined by commas, any other list as JSON.
 * Null is no value. `plain` says how a value of another kind (an id, a date) is written, undefined for one that is a document.
 */
export function flatten(
  item: unknown,
  plain: (value: object) => string | undefined = () => undefined,
): Record<string, string> {
  const columns: Record<string, string> = {}
  const walk = (value: unknown, at: string, depth: number): void => {
    if (value === null || value === undefined || at.split('.').includes('__proto__')) return
    if (typeof value !== 'object') {
      columns[at || 'value'] = String(value)
      return
    }
    const word = plain(value)
    if (word !== undefined) columns[at || 'value'] = word
    else if (Array.isArray(value)) {
      const words = value.map((one) => (one !== null && typeof one === 'object' ? plain(one) : String(one ?? '')))
      columns[at || 'value'] = words.every((one) => one !== undefined) ? words.join(', ') : JSON.stringify(value)
    } else if (depth >= deepest || Object.keys(columns).length >= mostColumns) columns[at] = JSON.stringify(value)
    else for (const [name, inner] of Object.entries(value)) walk(inner, at === '' ? name : `${at}.${name}`, depth + 1)
  }
  walk(item, '', 0)
  return columns
}
