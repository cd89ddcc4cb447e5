import type { ColumnChoice } from '#server/api/dto.ts'

/** Whether enough is said of the columns to import. */
export function isReady({ textColumn, labelColumn, label }: ColumnChoice): boolean {
  // Nobody has said yet what the rows are about: they are labelled later.
  return textColumn !== '' && (labelColumn !== null || label === null || label.trim() !== '')
}
