import type { ReportRow } from '#server/api/dto.ts'

interface Choice {
  id: string
  name: string
}

/** As many as there are digits to choose by. */
const most = 9

/** The labels that rows are likeliest to need, in the order of their digits: those of the cell, then the bot's own guesses. */
export function labelChoices(
  cells: readonly { truth?: string; predicted?: string }[],
  rows: readonly ReportRow[],
  nameOf: (id: string) => string,
): Choice[] {
  const first = cells
    .flatMap(({ truth, predicted }) => [truth, predicted])
    .filter((id) => id !== undefined && id !== '')
  const weights = new Map<string, number>()
  for (const { guesses } of rows)
    for (const { label, probability } of guesses) weights.set(label, (weights.get(label) ?? 0) + probability)
  const guessed = [...weights].sort(([, a], [, b]) => b - a).map(([id]) => id)
  const names = new Map(rows.flatMap(({ guesses }) => guesses.map(({ label, name }) => [label, name] as const)))
  return [...new Set([...first, ...guessed])].slice(0, most).flatMap((id) => {
    return id === undefined ? [] : { id, name: names.get(id) ?? nameOf(id) }
  })
}
