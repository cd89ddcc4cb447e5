import type { SessionView } from '#kit'
import { foldText } from '#runtime/conditions/normalise.ts'
import { parseDate, today } from '#runtime/conditions/parse-date.ts'
import { parseNumber } from '#runtime/conditions/parse-number.ts'
import { findPattern } from '#runtime/conditions/pattern.ts'
import { findInDictionary, foldLine, parseDictionary, type Span } from './dictionary.ts'
import type { Finder } from './node.ts'

type Context = Pick<SessionView, 'entities' | 'now' | 'timeZone'>

/**
 * What the finders find in a text, by variable. From the top: of several for one variable the first that finds something counts, and
 * those that look for the same (two cities) find one after the other.
 */
export function findPieces(
  finders: readonly Finder[],
  text: string,
  context: Context,
): Record<string, string | number> {
  const found: Record<string, string | number> = {}
  const used = new Map<string, Span[]>()
  for (const finder of finders) {
    if (finder.variable === '' || Object.hasOwn(found, finder.variable)) continue
    const piece = findPiece(finder, text, context, used)
    if (piece !== null) found[finder.variable] = piece
  }
  return found
}

function findPiece(
  finder: Finder,
  text: string,
  { entities, now, timeZone }: Context,
  used: Map<string, Span[]>,
): string | number | null {
  /** Keeps a part from being found once more by who looks in the same place. */
  const take = <S extends Span>(place: string, find: (spans: readonly Span[]) => S | null | undefined): S | null => {
    const spans = used.get(place) ?? []
    const span = find(spans)
    if (!span) return null
    used.set(place, [...spans, span])
    return span
  }
  switch (finder.kind) {
    case 'entity': {
      const wanted = foldText(finder.entity)
      const next = take(`entity ${wanted}`, (spans) =>
        entities.find(({ type, start }) => foldText(type) === wanted && !spans.some((span) => span.start === start)),
      )
      return next?.text ?? null
    }
    case 'dictionary': {
      const { entries } = finder
      const next = take(`dictionary ${entries}`, (spans) =>
        findInDictionary(parseDictionary(entries), foldLine(text), spans),
      )
      return next?.value ?? null
    }
    case 'pattern':
      return findPattern(finder.pattern, text.normalize('NFKC')) || null
    case 'number':
      return parseNumber(text)
    case 'date': {
      const day = parseDate(text, { now, timeZone, dates: finder.dates })
      if (day === null) return null
      const since = today(now, timeZone)
      const fits = { any: true, past: day <= since, future: day >= since }
      return fits[finder.dates] ? day : null
    }
  }
}
