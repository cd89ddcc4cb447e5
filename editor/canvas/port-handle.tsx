import { Handle, Position } from '@xyflow/react'
import { memo } from 'react'
import type { PortType } from '#kit/ports.ts'

/** The dot where a wire ends. Its shape tells what flows: round for the conversation, angular for data. */
export const PortHandle = memo(function PortHandle({
  id,
  side,
  type,
  label,
  wired,
  shut,
}: {
  id: string
  side: 'input' | 'output'
  type: PortType
  label: string
  wired: boolean
  /** A wire is being dragged that this port cannot take. */
  shut: boolean
}) {
  return (
    <Handle
      id={id}
      type={side === 'input' ? 'target' : 'source'}
      position={side === 'input' ? Position.Left : Position.Right}
      className={`bl-port bl-port--${type} ${wired ? 'bl-port--wired' : ''} ${shut ? 'bl-port--shut' : ''}`}
      role="img"
      title={label}
      aria-label={label}
      data-port={id}
    />
  )
})
