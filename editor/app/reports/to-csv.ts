import { csvLine, csvMark } from '#kit/csv.ts'

/** Rows as a CSV that spreadsheets open. */
export const toCsv = (rows: readonly (string | number | null)[][]): string => csvMark + rows.map(csvLine).join('')
