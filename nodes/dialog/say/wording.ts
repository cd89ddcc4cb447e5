import { hasWords, type LocalText, type SessionView } from '#kit'
import type { SayConfig } from './config.ts'

/**
 * What a visit says, and what it counts: one wording after the other, round and round. Which comes first differs from conversation to
 * conversation. A text without variants counts nothing.
 */
export function nextWording(
  { text, variants }: SayConfig,
  { seed, node, counters }: SessionView,
): { text: LocalText; count?: { said: number } } {
  const wordings = [text, ...variants.map((variant) => variant.text)].filter(hasWords)
  if (wordings.length < 2) return { text: wordings[0] ?? text }
  const said = counters.said ?? 0
  return { text: wordings[(lotOf(`${seed}/${node}`) + said) % wordings.length]!, count: { said: said + 1 } }
}

/** FNV-1a: the same number for the same words everywhere. */
function lotOf(words: string): number {
  let lot = 0x811c9dc5
  for (let i = 0; i < words.length; i++) lot = Math.imul(lot ^ words.charCodeAt(i), 0x01000193) >>> 0
  return lot
}
