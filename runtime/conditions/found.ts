/** What a text says, and the part of the text that says it. */
export interface Found<T> {
  value: T
  /** As it stands in the text, but for its case, its width and its runs of blanks. */
  text: string
}

/** How a text is read. */
export interface ReadOptions {
  /** The words were about something else, not an answer to a question for this: only what is unmistakable counts. */
  amid?: boolean
}
