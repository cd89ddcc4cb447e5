/**
 * What the server knows and a document does not hold: sent beside a draft, frozen in a version.
 * Keyed by the id of the data block or, for `models`, of the block whose output the model is.
 */
export interface Facts {
  /** Labels of the data behind each data block; `trained` when the block's current model knows it. */
  labels: Record<string, LabelFact[]>
  /** Rows behind each data block, for its one-line summary. */
  rows: Record<string, number>
  /** Data blocks with rows that have a second text, and blocks whose model learned from such rows; absent: none. */
  pairs?: Record<string, boolean>
}
export interface LabelFact {
  id: string
  name: string
  rows: number
  trained: boolean
}

/** The facts as one block sees them: the labels upstream of its own inputs, united, in stable order. */
export interface NodeFacts {
  labels: LabelFact[]
  rows: number
  /** Some of the rows, or those that a model upstream learned from, have a second text. */
  pairs?: boolean
  /** What the block's model, or one upstream, gives instead of labels: answers that it writes, or that it finds. */
  gives?: 'answers' | 'retrieval'
}
export const noFacts: NodeFacts = { labels: [], rows: 0 }
