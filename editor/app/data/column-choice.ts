import type { ColumnChoice, RecordsView } from '#server/api/dto.ts'

/** What each column is taken for until somebody says otherwise. */
export function firstChoice({ guess, columns }: Pick<RecordsView, 'guess' | 'columns'>): ColumnChoice {
  return {
    textColumn: guess.text ?? columns[0] ?? '',
    pairColumn: guess.pair,
    labelColumn: guess.label,
    // A single column is mostly wordings of one topic.
    label: guess.label === null && guess.pair === null ? '' : null,
  }
}

/** Whether enough is said of the columns to import. */
export function isReady({ textColumn, labelColumn, label }: ColumnChoice): boolean {
  // Nobody has said yet what the rows are about: they are labelled later.
  return textColumn !== '' && (labelColumn !== null || label === null || label.trim() !== '')
}
