import type { InsightView } from '#server/api/dto.ts'

/** A day's conversations by what became of them. */
export interface Day {
  day: string
  conversations: number
  parts: { contained: number; handedOver: number; going: number }
}

export function toDays(rows: InsightView['rows']): Day[] {
  return rows.map(({ key, figures: { conversations, contained, handedOver } }) => ({
    day: key,
    conversations,
    parts: { contained, handedOver, going: conversations - contained - handedOver },
  }))
}
