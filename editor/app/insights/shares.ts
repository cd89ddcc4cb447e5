import type { InsightFigures } from '#server/api/dto.ts'

/** A figure that is told in a tile or a column; shares are 0..1, times milliseconds. Null where there is nothing to divide by. */
export const measures = {
  conversations: (figures: InsightFigures) => figures.conversations,
  contained: ({ contained, handedOver }: InsightFigures) => shareOf(contained, contained + handedOver),
  handedOver: ({ handedOver, conversations }: InsightFigures) => shareOf(handedOver, conversations),
  noMatch: ({ noMatch, verdicts }: InsightFigures) => shareOf(noMatch, verdicts),
  rating: ({ ratings }: InsightFigures) => shareOf(ratings.sum, ratings.count),
  p50: ({ responseMs }: InsightFigures) => responseMs?.p50 ?? null,
  p95: ({ responseMs }: InsightFigures) => responseMs?.p95 ?? null,
} satisfies Record<string, (figures: InsightFigures) => number | null>
export type Measure = keyof typeof measures

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** The day so many days later, of days such as `2026-11-28`. */
export function shiftDay(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** As many days, right before. */
export function periodBefore({ from, to }: { from: string; to: string }): { from: string; to: string } {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  return { from: shiftDay(from, -days), to: shiftDay(from, -1) }
}
