import { z } from 'zod'

const count = z.number().int().min(0)

/** Test rows of a length, in words as `lengthOf` counts them: from `from` to `to`, both among them; `to` is null in the last slice. */
export const lengthSlice = z.object({
  from: count,
  to: count.nullable(),
  rows: count,
  accuracy: z.number().min(0).max(1),
})
export type LengthSlice = z.infer<typeof lengthSlice>

/** One character of a script that is written without spaces, or a run of letters and digits of any other. */
const spaceless = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]'
const words = new RegExp(`${spaceless}|(?:(?!${spaceless})[\\p{L}\\p{M}\\p{N}])+`, 'gu')

/** Words of a text, a Chinese character counting as one: so that languages can be told short and long by one measure. */
export function lengthOf(text: string): number {
  return text.match(words)?.length ?? 0
}

const slices = 3

/**
 * Rows in slices by length that hold about as many rows each, shortest first: boundaries that a test needs to be fair follow its
 * texts. Rows of one length stay together, so there are fewer slices where lengths hardly differ.
 */
export function lengthSlices(rows: readonly { text: string; right: boolean }[]): LengthSlice[] {
  const measured = rows
    .map(({ text, right }) => ({ length: lengthOf(text), right }))
    .sort((a, b) => a.length - b.length)
  const starts = new Set([0])
  for (let slice = 1; slice < slices; slice++) {
    const length = measured[Math.floor((slice * measured.length) / slices)]?.length
    const start = measured.findIndex((row) => row.length === length)
    if (start > 0) starts.add(start)
  }
  const bounds = [...starts].sort((a, b) => a - b)
  return bounds.flatMap((start, i) => {
    const end = bounds[i + 1] ?? measured.length
    const own = measured.slice(start, end)
    if (own.length === 0) return []
    return {
      from: own[0]!.length,
      to: end === measured.length ? null : measured[end]!.length - 1,
      rows: own.length,
      accuracy: own.filter((row) => row.right).length / own.length,
    }
  })
}
