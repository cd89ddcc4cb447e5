/** Text as PostgreSQL can store it: without NUL, and with U+FFFD for half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd')
}
