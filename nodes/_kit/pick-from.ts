import { readPointer } from './json-pointer.ts'

/** Characters of all that is brought back of an answer: it is kept with the conversation. */
const mostKept = 64 * 1024

/**
 * The values of an answer at some places (JSON pointers, RFC 6901; '' is the whole). An answer that is no JSON is one text. What would
 * be too much to remember is left out, as if the answer did not have it.
 */
export function pickFrom(body: string, pick: readonly string[]): Record<string, unknown> {
  const whole = parse(body)
  const picked: Record<string, unknown> = {}
  let left = mostKept
  for (const pointer of pick) {
    const value = readPointer(whole, pointer)
    if (value === undefined) continue
    left -= JSON.stringify(value).length
    if (left < 0) break
    picked[pointer] = value
  }
  return picked
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
