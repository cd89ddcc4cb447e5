/** What is kept on the device as JSON; null for nothing, and for what nobody can read. */
export function readJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
