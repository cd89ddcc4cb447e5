import type { EntitySpan } from '#kit'

/**
 * Entities of a text in the text that a person made of it: what stands ahead of the change stays, what stands behind it moves along, what the
 * change touched is gone.
 */
export function carryEntities(before: string, after: string, entities: readonly EntitySpan[]): EntitySpan[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  const shift = after.length - before.length
  return entities.flatMap(({ start, end, type }) => {
    if (end <= head) return [{ start, end, type }]
    return start >= before.length - tail ? [{ start: start + shift, end: end + shift, type }] : []
  })
}
