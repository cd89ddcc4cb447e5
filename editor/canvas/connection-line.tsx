import type { ConnectionLineComponentProps } from '@xyflow/react'
import { blockViews } from '#editor/document/block-views.ts'
import { curve, curvePath } from './curve.ts'

/** The wire while it is being drawn, in the look of what it will carry. */
export function ConnectionLine({
  fromNode,
  fromHandle,
  fromX,
  fromY,
  toX,
  toY,
  connectionStatus,
}: ConnectionLineComponentProps) {
  const view = blockViews.getState().views[fromNode.id]
  const fromOutput = fromHandle.type === 'source'
  const port = fromOutput ? view?.outputs[fromHandle.id ?? ''] : view?.inputs[fromHandle.id ?? '']
  const a = { x: fromX, y: fromY }
  const b = { x: toX, y: toY }
  return (
    <path
      className={`bl-wire bl-wire--${port?.type ?? 'flow'} bl-wire--drawn ${connectionStatus === 'invalid' ? 'bl-wire--refused' : ''}`}
      d={curvePath(fromOutput ? curve(a, b) : curve(b, a))}
    />
  )
}
