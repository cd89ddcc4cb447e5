import { fillPlaceholders } from '#kit/text-checks.ts'
import type { ChatDetail } from '#server/api/dto.ts'

/** A prepared answer for this visitor. What is not known of them stays in sight, to be written by hand. */
export function fillCanned(text: string, { visitor, variables }: Pick<ChatDetail, 'visitor' | 'variables'>): string {
  return fillPlaceholders(text, (name) => variables[name] ?? visitor[name] ?? `{{${name}}}`)
}
