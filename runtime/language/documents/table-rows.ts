import { type DocumentBlock, oneLine } from './document.ts'

/** Rows of a table as sentences that stand alone: "column: cell; column: cell". `headed`: the first row names the columns. */
export function tableRows(rows: readonly (readonly string[])[], headed: boolean): DocumentBlock[] {
  const clean = rows.map((row) => row.map(oneLine)).filter((row) => row.some((cell) => cell !== ''))
  const names = headed && clean.length > 1 ? clean[0]! : null
  return (names ? clean.slice(1) : clean).map((row): DocumentBlock => {
    const cells = row.flatMap((cell, column) => {
      if (cell === '') return []
      const name = names?.[column]
      return [name ? `${name}: ${cell}` : cell]
    })
    return { kind: 'row', text: cells.join('; ') }
  })
}
