import type { NodeProblem } from './define-node.ts'
import { safeUrl, type UrlUse } from './safe-url.ts'
import { fillPlaceholders, placeholdersOf, type TextView } from './text-checks.ts'

/**
 * Fills the places of an address. A value can never be more than a piece of it: what has a meaning in an address is written as `%2F` and
 * the like. Null where the result is no address, or none that may be used.
 */
export function fillUrl(template: string, use: UrlUse, lookUp: (name: string) => unknown): string | null {
  const encoded = (name: string): string | null => {
    const value = lookUp(name)
    return value === undefined || value === null ? null : encodeURIComponent(String(value))
  }
  try {
    return safeUrl(fillPlaceholders(template.trim(), encoded), use)
  } catch {
    // Half of a surrogate pair has no encoding.
    return null
  }
}

/**
 * Problems of one address; an empty one has none. `link-address` or `image-address` where it would be left out whatever stands in its
 * places, `unknown-name` for a placeholder that nothing fills.
 */
export function checkUrl(field: string, template: string, use: UrlUse, view: TextView): NodeProblem[] {
  if (template.trim() === '') return []
  if (fillUrl(template, use, () => 'x') === null) return [{ code: `${use}-address`, severity: 'error', field }]
  return placeholdersOf(template)
    .filter((name) => view.names && !view.names.includes(name))
    .map((name) => ({ code: 'unknown-name', severity: 'warning', field, params: { name } }))
}
