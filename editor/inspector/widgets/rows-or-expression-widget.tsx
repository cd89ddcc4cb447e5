import { useEffect } from 'react'
import type { ConditionRow } from '#runtime/conditions/evaluate.ts'
import { rowsToExpression } from '#runtime/conditions/expression/rows-to-expression.ts'
import type { WidgetProps } from '../widget.ts'
import { loadExpressionEditor } from './expression-widget.tsx'
import { SegmentedWidget } from './segmented-widget.tsx'

/** Rules or an expression. The first switch to an expression takes the rules along, and they stay where they were. */
export function RowsOrExpressionWidget(props: WidgetProps) {
  const { siblings, onChange } = props
  // What fails now is loaded again when it is asked for.
  useEffect(() => void loadExpressionEditor().catch(() => {}), [])
  return (
    <SegmentedWidget
      {...props}
      onChange={(next) => {
        const fresh = next === 'expression' && siblings.expression === ''
        const match = siblings.match === 'any' ? 'any' : 'all'
        const expression = fresh ? rowsToExpression({ match, rows: (siblings.rows ?? []) as ConditionRow[] }) : ''
        onChange(next, undefined, expression === '' ? undefined : { expression })
      }}
    />
  )
}
