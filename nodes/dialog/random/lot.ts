/**
 * A number from 0 up to, and without, 1 that depends on the text alone: FNV-1a, then the finaliser of MurmurHash3, since texts that
 * differ in their last letter only leave FNV with neighbours.
 */
export function lotOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
