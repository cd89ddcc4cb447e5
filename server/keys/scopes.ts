/** What a key may be allowed. A route names the one that it asks for; no scope includes another. */
export const apiScopes = ['conversations:read', 'conversations:write', 'bots:read', 'bots:write', 'publish'] as const
export type ApiScope = (typeof apiScopes)[number]

export function isApiScope(text: string): text is ApiScope {
  return apiScopes.some((scope) => scope === text)
}
