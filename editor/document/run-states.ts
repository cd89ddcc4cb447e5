import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Progress } from '#kit/define-runner.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { NodeState, StudioEvent } from '#server/api/dto.ts'

interface RunStates {
  /** By block. Kept apart from the document: a tick of progress must not touch anything but its own block. */
  states: Record<string, NodeState>
  progress: Record<string, Progress>
  replace(states: readonly NodeState[]): void
  receive(event: StudioEvent): void
}

const idle = (node: string): NodeState => ({
  node,
  status: 'idle',
  stale: null,
  figure: null,
  outputs: null,
  seconds: null,
  failure: null,
  run: null,
})

export const runStates = createStore<RunStates>()((set) => {
  const patch = (node: string, change: Partial<NodeState>) =>
    set(({ states }) => ({ states: { ...states, [node]: { ...(states[node] ?? idle(node)), ...change } } }))
  const clearProgress = (node: string) =>
    set(({ progress }) => {
      const { [node]: _, ...rest } = progress
      return { progress: rest }
    })

  return {
    states: {},
    progress: {},
    replace: (list) =>
      set(({ states }) => ({
        states: Object.fromEntries(
          list.map((state) => {
            const known = states[state.node]
            return [state.node, known && canonicalJson(known) === canonicalJson(state) ? known : state]
          }),
        ),
      })),
    receive(event) {
      switch (event.type) {
        case 'run.started':
          for (const node of event.nodes) patch(node, { status: 'queued', failure: null, run: event.run })
          set({ progress: {} })
          return
        case 'node.started':
          patch(event.node, { status: 'running', failure: null, run: event.run })
          return
        case 'node.progressed':
          set(({ progress }) => ({ progress: { ...progress, [event.node]: event.progress } }))
          return
        case 'node.settled':
          patch(event.node, {
            status: 'done',
            stale: null,
            failure: null,
            figure: event.figure,
            run: event.run,
            ...(event.reused ? {} : { seconds: event.seconds }),
          })
          clearProgress(event.node)
          return
        case 'node.failed':
          patch(event.node, { status: 'failed', failure: event.failure, run: event.run })
          clearProgress(event.node)
          return
        case 'run.ended':
          set(({ states }) => ({
            progress: {},
            states: Object.fromEntries(
              Object.entries(states).map(([node, state]) => [
                node,
                state.status === 'queued' || state.status === 'running'
                  ? { ...state, status: event.status === 'cancelled' ? ('cancelled' as const) : ('idle' as const) }
                  : state,
              ]),
            ),
          }))
          return
        default:
          return
      }
    },
  }
})

export function useRunState(node: string): NodeState | undefined {
  return useStore(runStates, (state) => state.states[node])
}
export function useProgress(node: string): Progress | undefined {
  return useStore(runStates, (state) => state.progress[node])
}
