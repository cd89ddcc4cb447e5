/** A link is followed when somebody presses it; a picture is fetched from wherever it lies by merely being shown. */
export type UrlUse = 'link' | 'image'

const schemes: Record<UrlUse, readonly string[]> = {
  link: ['https:', 'http:', 'mailto:', 'tel:'],
  image: ['https:'],
}
/** On one's own machine there is often no certificate; nobody else reads along there. */
const ownMachine = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The one rule for addresses that come from a bot's author or a visitor's words: the address as a browser reads it, or null where it
 * is none or must not be used. Names and passwords in it are refused, since they make one site look like another.
 */
export function safeUrl(address: string, use: UrlUse): string | null {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return null
  }
  const { protocol, hostname, username, password, href } = url
  if (username || password) return null
  if (schemes[use].includes(protocol)) return href
  return use === 'image' && protocol === 'http:' && ownMachine.test(hostname) ? href : null
}
