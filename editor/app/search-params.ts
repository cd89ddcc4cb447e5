/** The search of a page's address with some of its values changed; null, or an empty one, takes a value away. */
export function changedParams(
  search: URLSearchParams,
  change: Readonly<Record<string, string | null>>,
): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const [key, value] of Object.entries(change))
    if (value === null || value === '') next.delete(key)
    else next.set(key, value)
  return next
}

/** The same as a link within the page, with one value put in. */
export function withParam(search: URLSearchParams, key: string, value: string): string {
  return `?${changedParams(search, { [key]: value })}`
}
