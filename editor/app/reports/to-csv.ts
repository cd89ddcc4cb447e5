/** Rows as a CSV that spreadsheets open: UTF-8 with a mark, RFC 4180 quoting. */
export function toCsv(rows: readonly (string | number | null)[][]): string {
  return `\uFEFF${rows.map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`
}

/**
 * A cell that a spreadsheet would take for a formula is kept a text by a leading apostrophe (OWASP, CSV Injection; the wide signs
 * begin a formula in East Asian editions).
 */
function quote(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
