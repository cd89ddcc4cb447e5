import { RE2JS } from 're2js'

/** Compiled patterns by source; null marks one that does not compile. Bounded, since authors type many half patterns. */
const compiled = new Map<string, RE2JS | null>()
const mostKept = 500

function compile(source: string): RE2JS | null {
  const known = compiled.get(source)
  if (known !== undefined) return known
  let pattern: RE2JS | null = null
  try {
    pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)
  } catch {
    // A pattern that does not compile is an answer (null), shown on the block by `check`.
  }
  if (compiled.size >= mostKept) compiled.clear()
  compiled.set(source, pattern)
  return pattern
}

/** Whether a pattern can be used: RE2 syntax, which matches in linear time and knows no look-around or back-reference. */
export function isPattern(source: string): boolean {
  return source !== '' && compile(source) !== null
}

/** The first place in a text where the pattern fits, upper or lower case; null where it fits nowhere or is no pattern. */
export function findPattern(source: string, text: string): string | null {
  const matcher = compile(source)?.matcher(text)
  return matcher?.find() ? matcher.group() : null
}
