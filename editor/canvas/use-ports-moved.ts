import { useStoreApi, useUpdateNodeInternals } from '@xyflow/react'
import { useEffect, useRef } from 'react'

/** Blocks whose ports have moved, by canvas. */
const waiting = new WeakMap<object, Set<string>>()

/**
 * The wires of a block follow when its ports move; `layout` says where those are. Blocks that change in one moment are told of
 * together, since each telling makes all blocks look. Where they begin React Flow measures by itself.
 */
export function usePortsMoved(id: string, layout: string): void {
  const canvas = useStoreApi()
  const update = useUpdateNodeInternals()
  const seen = useRef(layout)
  useEffect(() => {
    if (seen.current === layout) return
    seen.current = layout
    let moved = waiting.get(canvas)
    if (!moved) {
      const all = new Set<string>()
      moved = all
      waiting.set(canvas, all)
      queueMicrotask(() => {
        waiting.delete(canvas)
        update([...all])
      })
    }
    moved.add(id)
  }, [id, layout, canvas, update])
}
