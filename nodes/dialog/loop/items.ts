import { listOf } from '#runtime/conditions/values.ts'

/** What there is to go over: a list as it is, the parts of a text that a person wrote as one, 1 to n of a number; at most so many. */
export function itemsOf(value: unknown, most: number): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, most)
  if (typeof value === 'number')
    return Array.from({ length: Math.max(0, Math.min(Math.floor(value) || 0, most)) }, (_, at) => at + 1)
  if (typeof value !== 'string') return []
  return listOf(value)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, most)
}
