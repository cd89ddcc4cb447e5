/** What a person typed as a site, as browsers name it; or why it is none, with the address that was meant where it can be told. */
export type ParsedOrigin =
  | { issue: null; origin: string }
  | { issue: 'not-address' | 'wildcard' }
  | { issue: 'path'; origin: string }

const scheme = /^[a-z][a-z\d+.-]*:\/\//i

/** A site is scheme, host and port: `shop.example` is taken as `https://shop.example`, a page of a site is not taken for it. */
export function parseOrigin(typed: string): ParsedOrigin {
  const text = typed.trim()
  if (text.includes('*')) return { issue: 'wildcard' }
  const address = scheme.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) return { issue: 'not-address' }
  const { protocol, origin, username, password, pathname, search, hash } = new URL(address)
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return { issue: 'not-address' }
  return pathname === '/' && search === '' && hash === '' ? { issue: null, origin } : { issue: 'path', origin }
}
