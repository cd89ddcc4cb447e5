/** Stands in an expected reply, as people see and write it, where anything may be said. */
export const anything = '[…]'

export function toText(pieces: readonly string[]): string {
  return pieces.join(anything)
}
export function toPieces(text: string): string[] {
  return text.split(anything)
}
