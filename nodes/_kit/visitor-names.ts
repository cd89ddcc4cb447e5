/** What a site vouches for of its visitor is read by texts and conditions as `visitor.name`; no variable can be called so. */
const pattern = /^visitor\.[\p{L}_][\p{L}\p{N}_]*$/u

/** Those that most sites know; a site may vouch for others. */
export const usualVisitorNames = ['visitor.id', 'visitor.name', 'visitor.email', 'visitor.phone'] as const

export function isVisitorName(name: string): boolean {
  return pattern.test(name)
}

/** Verified attributes under the names that a dialog reads them by. */
export function visitorValues(verified: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  const named = Object.entries(verified ?? {}).map(([key, value]) => [`visitor.${key}`, value] as const)
  return Object.fromEntries(named.filter(([name]) => isVisitorName(name)))
}
