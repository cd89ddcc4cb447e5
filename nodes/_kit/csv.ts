/**
 * A line of a CSV (RFC 4180 quoting, CRLF at its end). A cell that a spreadsheet would take for a formula is kept a text by a leading
 * apostrophe (OWASP, CSV Injection; the wide signs begin a formula in East Asian editions).
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** Stands at the beginning of a CSV, so that spreadsheets read it as UTF-8. */
export const csvMark = '\uFEFF'

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
