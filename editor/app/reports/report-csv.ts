import type { AnswersReportView, ReportView, RetrievalReportView } from '#server/api/dto.ts'

/** The figures of each label as a CSV that spreadsheets open (UTF-8 with a mark, RFC 4180 quoting). Shares are fractions. */
export function reportCsv(report: ReportView): string {
  const rows = [
    ['label', 'recall', 'precision', 'f1', 'rows'],
    ...report.labels.map((label) => [label.name, label.recall, label.precision, label.f1, label.support]),
  ]
  return toCsv(rows)
}

/** The examples of a report on written answers, in the same form. */
export function answersCsv(report: AnswersReportView): string {
  return toCsv([
    ['question', 'given', 'written', 'chrF'],
    ...report.examples.map((row) => [row.question, row.given, row.written, row.chrF]),
  ])
}

/** The questions of a report on found answers whose right one did not come first, in the same form. */
export function retrievalCsv(report: RetrievalReportView): string {
  return toCsv([
    ['question', 'answer', 'rank', 'found', 'similarity'],
    ...report.hardest.map((row) => [row.question, row.answer, row.rank, row.found, row.similarity]),
  ])
}

const toCsv = (rows: readonly (string | number)[][]): string =>
  `\uFEFF${rows.map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`

/** A cell that a spreadsheet would take for a formula is kept a text by a leading apostrophe. */
function quote(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function saveFile(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
