/** The rest of the page's address, with one value put in. */
export function withParam(search: URLSearchParams, key: string, value: string): string {
  const next = new URLSearchParams(search)
  next.set(key, value)
  return `?${next}`
}
