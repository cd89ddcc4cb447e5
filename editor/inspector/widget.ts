import type { ComponentType } from 'react'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Field } from './fields.ts'

/** Takes a new value; `also` changes something else of the document in the same step (a variable that is made). */
export type ChangeValue = (value: unknown, also?: (document: GraphDocument) => void) => void

export interface WidgetProps {
  field: Field
  value: unknown
  onChange: ChangeValue
  /** Id of the control, which the label names. */
  id: string
  describedBy: string | undefined
  /** The values beside it, by name of the field. */
  siblings: Readonly<Record<string, unknown>>
  /** The block, for what depends on the graph: labels upstream, variables. */
  node: string
  /** Inside a line of a list, where room is short. */
  compact: boolean
}
export type WidgetComponent = ComponentType<WidgetProps>
