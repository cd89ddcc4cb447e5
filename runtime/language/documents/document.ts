/** A piece of a document, in its order. `page` counts from 1. */
export type DocumentBlock =
  | { kind: 'heading' /** 1 is the outermost. */; level: number; text: string; page?: number }
  | { kind: 'text'; text: string; page?: number }
  /** A row of a table, each cell behind the name of its column. */
  | { kind: 'row'; text: string; page?: number }

/** What was read of a file. */
export interface ReadDocument {
  /** Its own title; empty where it has none. */
  title: string
  /** Where it says that it can be found, http or https. */
  url?: string
  blocks: DocumentBlock[]
  /** Pages without a word. */
  emptyPages?: number
}

/** One line of words: no breaks, no runs of spaces. */
export const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim()
