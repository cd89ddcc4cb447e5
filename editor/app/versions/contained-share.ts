import type { ArmFigures } from '#server/api/dto.ts'
import { percent } from '../ui/words.ts'

/** The share of chats that the bot saw through alone, in words; a dash where there are none. */
export function containedShare({ contained, conversations }: ArmFigures): string {
  return conversations === 0 ? '–' : percent(contained / conversations)
}
