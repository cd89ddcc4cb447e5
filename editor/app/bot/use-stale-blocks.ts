import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { runStates } from '#editor/document/run-states.ts'

/** Ids of the blocks that a run would carry out. */
export function useStaleBlocks(): string[] {
  return useStore(
    runStates,
    useShallow(({ states }) =>
      Object.values(states)
        .filter((state) => state.stale !== null)
        .map((state) => state.node),
    ),
  )
}
