import type { ComponentType } from 'react'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Field } from './fields.ts'

/**
 * Takes a new value; `also` changes something else of the document in the same step (a variable that is made), `beside`
 * fields next to it.
 */
export type ChangeValue = (
  value: unknown,
  also?: (document: GraphDocument) => void,
  beside?: Readonly<Record<string, unknown>>,
) => void

/** What a block says against a field, or something inside it. */
export interface FieldProblem {
  /** The way from the field to what it is about, such as `i_1.text`; empty for the field itself. */
  at: string
  text: string
  severity: 'error' | 'warning'
}

/** A field in its place; `widget.ts` and `widgets/` know it only by this shape, since it draws them. */
export interface FieldRowProps {
  field: Field
  id: string
  value: unknown
  siblings: Readonly<Record<string, unknown>>
  node: string
  compact?: boolean
  problems?: readonly FieldProblem[]
  onChange: ChangeValue
}

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
  problems: readonly FieldProblem[]
  /** Draws the fields of an item. */
  Row: ComponentType<FieldRowProps>
}
export type WidgetComponent = ComponentType<WidgetProps>
