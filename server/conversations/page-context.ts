import type { PageContext } from '#server/api/dto.ts'
import { storableText } from '#server/data/storable-text.ts'

/** Names of query values that open something: whoever reads a chat has no business with them. */
const secret = /token|secret|key|auth|pass|pwd|session|sid$|sig|code|jwt|otp|ticket|state/i

/** What a page says of itself, without what its address may give away. A referrer loses its whole query. */
export function cleanContext({ page, attributes }: PageContext): PageContext {
  return {
    ...(page && {
      page: {
        url: cleanUrl(page.url, false),
        ...(page.title && { title: storableText(page.title) }),
        ...(page.referrer && { referrer: cleanUrl(page.referrer, true) }),
        ...(page.language && { language: storableText(page.language) }),
      },
    }),
    ...(attributes && {
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [storableText(name), storableText(value)]),
      ),
    }),
  }
}

function cleanUrl(address: string, bare: boolean): string {
  if (!URL.canParse(address)) return ''
  const url = new URL(address)
  if (!/^https?:$/.test(url.protocol)) return ''
  url.username = ''
  url.password = ''
  url.hash = ''
  if (bare) url.search = ''
  else for (const name of [...url.searchParams.keys()]) if (secret.test(name)) url.searchParams.delete(name)
  return storableText(url.href)
}
