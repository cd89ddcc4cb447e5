import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Point } from '#editor/document/edits.ts'
import './pick-list.css'

const edge = 8

/** A small panel at a point of the screen, kept inside the window. A press elsewhere or Escape closes it. */
export function Popover({
  at,
  label,
  className = '',
  onClose,
  children,
}: {
  at: Point
  label: string
  className?: string
  onClose: () => void
  children: ReactNode
}) {
  const element = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(at)
  // Looked up while rendering: by the time effects run, a field in the panel has taken the focus.
  const [before] = useState(() => document.activeElement)
  useLayoutEffect(() => {
    const box = element.current?.getBoundingClientRect()
    if (!box) return
    setPlace({
      x: Math.max(edge, Math.min(at.x, innerWidth - box.width - edge)),
      y: Math.max(edge, Math.min(at.y, innerHeight - box.height - edge)),
    })
  }, [at])
  useEffect(() => {
    const away = (event: PointerEvent) => {
      if (event.target instanceof globalThis.Node && !element.current?.contains(event.target)) onClose()
    }
    document.addEventListener('pointerdown', away, true)
    return () => {
      document.removeEventListener('pointerdown', away, true)
      if (before instanceof HTMLElement && document.contains(before)) before.focus({ preventScroll: true })
    }
  }, [onClose, before])
  return createPortal(
    <div
      ref={element}
      className={`bl-popover ${className}`}
      role="dialog"
      aria-label={label}
      data-keys="own"
      style={{ left: place.x, top: place.y }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      {children}
    </div>,
    document.body,
  )
}
