import { useEffect, useState } from 'react'
import { useCanvasState } from './control.ts'

const shownFor = 3500

/** Says to a screen reader what was done; why a wire was refused is also seen for a moment. */
export function LiveRegion() {
  const { text, refusal, at } = useCanvasState((state) => state.said)
  const [seen, setSeen] = useState(0)
  useEffect(() => {
    if (!refusal) return
    const timer = setTimeout(() => setSeen(at), shownFor)
    return () => clearTimeout(timer)
  }, [refusal, at])
  return (
    <div
      className={refusal && seen !== at ? 'bl-canvas__refusal' : 'bl-sr-only'}
      role="status"
      aria-live="polite"
      key={refusal ? 'refusal' : 'said'}
    >
      {text}
    </div>
  )
}
