import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Progress } from '#kit/define-runner.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Fingerprint } from '#runtime/graph/staleness.ts'
import type { NodeState, StudioEvent } from '#server/api/dto.ts'
import type { Draft } from './draft.ts'
import { fingerprintsNow, idle, sameLearnHalf, staleNow } from './stale-now.ts'

interface RunStates {
  /** By block. Kept apart from the document: a tick of progress must not touch anything but its own block. */
  states: Record<string, NodeState>
  progress: Record<string, Progress>
  /** What the server says, of the document as it knows it. */
  replace(states: readonly NodeState[]): void
  /** Marks what an edit makes stale, and what its undoing makes fresh again, before the server has heard of it. */
  judge(document: GraphDocument): void
  receive(event: StudioEvent): void
}

export const runStates = createStore<RunStates>()((set) => {
  let document: GraphDocument | null = null
  /** What blocks depended on when the run that goes on began: what their results will have depended on. */
  let begun: Record<string, Fingerprint> = {}
  /** Hashes of content that the server has named: they hold until it names others. */
  const contents = new Map<string, string>()

  const patch = (node: string, change: Partial<NodeState>) =>
    set(({ states }) => ({ states: { ...states, [node]: { ...(states[node] ?? idle(node)), ...change } } }))
  /** The same state as before is the same object, so that its block is not drawn again. */
  const show = (list: readonly NodeState[]) =>
    set(({ states }) => ({
      states: Object.fromEntries(
        list.map((state) => {
          const known = states[state.node]
          return [state.node, known && canonicalJson(known) === canonicalJson(state) ? known : state]
        }),
      ),
    }))
  const shown = () => runStates.getState().states
  const clearProgress = (node: string) =>
    set(({ progress }) => {
      const { [node]: _, ...rest } = progress
      return { progress: rest }
    })

  return {
    states: {},
    progress: {},
    replace(list) {
      for (const state of list)
        for (const { ref, value, hash } of Object.values(state.contents)) contents.set(`${ref} ${value}`, hash)
      const told = Object.fromEntries(list.map((state) => [state.node, state]))
      show(document ? staleNow(document, told, contents) : list)
    },
    judge(next) {
      if (document && sameLearnHalf(document, next)) return
      document = next
      show(staleNow(next, shown(), contents))
    },
    receive(event) {
      switch (event.type) {
        case 'run.started':
          begun = document ? fingerprintsNow(document, contents) : {}
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
            last: begun[event.node] ?? shown()[event.node]?.last ?? null,
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

/** Keeps what is stale in step with the draft. Returns the undoing. */
export function watchStaleness(draft: Draft): () => void {
  const look = () => runStates.getState().judge(draft.getState().document)
  look()
  return draft.subscribe(look)
}
