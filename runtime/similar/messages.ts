/** Rows come in parts; the question ends them. */
export type ToSimilar =
  | { rows: readonly { id: string; text: string }[] }
  | {
      ask: {
        /** Rows that others are to be like. */
        like: readonly string[]
        count: number
        encoder: { name: string; folder: string }
        /** Where vectors of texts are kept. */
        cacheFolder: string
        threads: number
      }
    }
export type FromSimilar = { found: { id: string; similarity: number }[] }
