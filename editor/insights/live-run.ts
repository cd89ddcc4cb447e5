import { create } from 'zustand'
import { addToCurve, type CurvePoint } from '#kit/curve.ts'
import type { Progress } from '#kit/define-runner.ts'
import type { DatedRunNote } from '#kit/run-notes.ts'
import type { RunStatus, RunView, StudioEvent } from '#server/api/dto.ts'

export interface LiveNode {
  status: 'queued' | 'running' | 'done' | 'reused' | 'failed' | 'cancelled'
  progress: Progress | null
  curve: CurvePoint[]
  notes: DatedRunNote[]
  /** Somebody asked it to end with what it has. */
  finishing: boolean
}
interface LiveRun {
  run: string | null
  status: RunStatus | null
  nodes: Record<string, LiveNode>
}
interface LiveRunStore extends LiveRun {
  receive: (event: StudioEvent) => void
  /** Takes over a run that was going on before this page was opened. */
  resume: (run: RunView) => void
  clear: () => void
}

const nothing: LiveRun = { run: null, status: null, nodes: {} }

/** The run that goes on now, filled by the event stream; the last one stays until the next begins. */
export const useLiveRun = create<LiveRunStore>()((set) => ({
  ...nothing,
  receive: (event) => set((state) => applyEvent(state, event)),
  resume: (run) =>
    set((state) => {
      // Events may have come before the run that they are about.
      const heard = state.run === run.id ? state : null
      const nodes: Record<string, LiveNode> = {}
      for (const node of run.nodes) {
        const own = heard?.nodes[node.node]
        if (!own || own.status === 'queued')
          nodes[node.node] = {
            status: node.status === 'idle' ? 'queued' : node.status,
            progress: node.progress,
            curve: node.curve,
            notes: node.notes,
            finishing: node.finishing,
          }
        else nodes[node.node] = { ...own, curve: joinCurves(node.curve, own.curve) }
      }
      return { run: run.id, status: heard?.status ?? run.status, nodes }
    }),
  clear: () => set(nothing),
}))

/** Pure: what a run looks like after one more event. Events of another run than the present one begin it anew. */
export function applyEvent(state: LiveRun, event: StudioEvent): LiveRun {
  if (!('run' in event)) return state
  if (event.type === 'run.started')
    return {
      run: event.run,
      status: 'running',
      nodes: Object.fromEntries(event.nodes.map((node) => [node, untouched()])),
    }
  const present: LiveRun = state.run === event.run ? state : { run: event.run, status: 'running', nodes: {} }
  if (event.type === 'run.ended')
    return { ...present, status: event.status, nodes: endAll(present.nodes, event.status) }
  // Progress that was on its way when the run ended comes too late.
  if (event.type === 'node.progressed' && !isGoingOn(present.status)) return state
  const node = present.nodes[event.node] ?? untouched()
  return { ...present, nodes: { ...present.nodes, [event.node]: changeNode(node, event) } }
}

/** No block outlasts its run: what was at work has been stopped, or its end was missed here. */
function endAll(nodes: LiveRun['nodes'], ended: RunStatus): LiveRun['nodes'] {
  const status = ended === 'done' ? 'done' : 'cancelled'
  return Object.fromEntries(
    Object.entries(nodes).map(([id, node]) => [id, node.status === 'running' ? { ...node, status } : node]),
  )
}

const untouched = (): LiveNode => ({ status: 'queued', progress: null, curve: [], notes: [], finishing: false })

function changeNode(node: LiveNode, event: Exclude<StudioEvent, { type: 'run.started' | 'run.ended' }>): LiveNode {
  switch (event.type) {
    case 'node.started':
      // A further attempt draws its curve anew; what earlier ones told stays.
      return { ...node, status: 'running', progress: null, curve: [] }
    case 'node.progressed': {
      // Another trial of a search is another training, with a curve of its own.
      const curve = node.progress?.trial === event.progress.trial ? node.curve : []
      return { ...node, status: 'running', progress: event.progress, curve: addToCurve(curve, event.progress) }
    }
    case 'node.noted':
      // It may have come with the run already.
      if (node.notes.some(({ at, code }) => at === event.note.at && code === event.note.code)) return node
      return { ...node, notes: [...node.notes, event.note] }
    case 'node.finishing':
      return { ...node, finishing: true }
    case 'node.settled':
      return { ...node, status: event.reused ? 'reused' : 'done' }
    case 'node.failed':
      return { ...node, status: 'failed' }
    default:
      return node
  }
}

/** What the server drew before this page listened, then what the page has heard since. */
function joinCurves(before: readonly CurvePoint[], heard: CurvePoint[]): CurvePoint[] {
  const [first] = heard
  const earlier = first ? before.filter((point) => point.at < first.at) : before
  return earlier.length > 0 ? [...earlier, ...heard] : heard
}

/** How far the whole run is, 0..1, and the seconds that the running block still needs. */
export function runProgress(state: LiveRun): { share: number; secondsLeft: number | null; node: string | null } {
  const nodes = Object.entries(state.nodes)
  const running = nodes.find(([, node]) => node.status === 'running')
  if (nodes.length === 0) return { share: 0, secondsLeft: null, node: null }
  const done = nodes.reduce((sum, [, node]) => {
    if (node.status === 'running') return sum + (node.progress?.share ?? 0)
    return sum + (node.status === 'queued' ? 0 : 1)
  }, 0)
  return {
    share: done / nodes.length,
    secondsLeft: running?.[1].progress?.secondsLeft ?? null,
    node: running?.[0] ?? null,
  }
}

export function isGoingOn(status: RunStatus | null): boolean {
  return status === 'queued' || status === 'running' || status === 'waiting'
}
