import type { ColumnChoice } from '#server/api/dto.ts'

/** Whether enough is said of the columns to import. */
export function isReady({ textColumn, pairColumn = null, labelColumn, label, outOfScope }: ColumnChoice): boolean {
  if (textColumn === '') return false
  return (
    labelColumn !== null ||
    (pairColumn !== null && label === null) ||
    outOfScope === true ||
    (label ?? '').trim() !== ''
  )
}
