import { z } from 'zod'

/** What a model reads at once: one text, or two (a question and its answer, two sentences). */
export const modelText = z.union([z.string(), z.tuple([z.string(), z.string()]).readonly()])
export type ModelText = z.infer<typeof modelText>

/** The text of a row, or both of its texts where it has two. */
export const modelTextOf = (row: { text: string; pair?: string }): ModelText =>
  row.pair === undefined ? row.text : [row.text, row.pair]

/** The text by which something is told that was made of it: each has its own, and no other. */
export const keyOfText = (text: ModelText): string => (typeof text === 'string' ? text : `${text[0]}\0${text[1]}`)
