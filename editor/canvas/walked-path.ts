import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { draft } from '#editor/document/store.ts'

interface Walked {
  /** Blocks and wires that are lit by now; empty while nothing is. */
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
  /** The block that the light has come to. */
  head: string | null
  /** Each block of the walk in its order, lit or not yet. */
  whole: readonly string[]
  /** Somebody walks it step by step: each block is brought into view. */
  stepped: boolean
}
type Path = readonly { node: string; port: string | null }[]

const unlit: Walked = { nodes: new Set(), edges: new Set(), head: null, whole: [], stepped: false }
/** Milliseconds from one block to the next, and of a whole walk at most. */
const pace = 160
const longest = 2_400

export const walked = createStore<Walked>()(() => unlit)
let timer: ReturnType<typeof setTimeout> | undefined

/** Lights the first `stops` blocks of a conversation's path (not an empty one) and the wires between them; the rest steps back. */
export function lightWalk(path: Path, stops: number): void {
  clearTimeout(timer)
  show(path, stops, true)
}

/** Lights a path block by block, as the conversation went; at once for who wants no motion. */
export function playWalk(path: Path): void {
  clearTimeout(timer)
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const wait = Math.min(pace, longest / path.length)
  const next = (stops: number) => {
    show(path, stops, false)
    if (stops < path.length) timer = setTimeout(() => next(stops + 1), wait)
  }
  next(still ? path.length : 1)
}

/** Puts the light out. */
export function endWalk(): void {
  clearTimeout(timer)
  walked.setState(unlit, true)
}

function show(path: Path, stops: number, stepped: boolean): void {
  const wires = Object.values(draft.getState().document.edges)
  const before = walked.getState()
  const whole = path.map(({ node }) => node)
  const passed = path.slice(0, stops)
  const edges = passed.flatMap(({ node }, step) => {
    const from = path[step - 1]
    const wire = wires.find(
      (one) => one.from.node === from?.node && one.from.port === from.port && one.to.node === node,
    )
    return wire ? [wire.id] : []
  })
  walked.setState(
    {
      nodes: new Set(passed.map(({ node }) => node)),
      edges: new Set(edges),
      head: passed.at(-1)?.node ?? null,
      whole: before.whole.join() === whole.join() ? before.whole : whole,
      stepped,
    },
    true,
  )
}

export function useIsWalked(id: string): boolean {
  return useStore(walked, (state) => state.nodes.has(id))
}
export function useIsWalkHead(id: string): boolean {
  return useStore(walked, (state) => state.head === id)
}
export function useIsWalkedWire(id: string): boolean {
  return useStore(walked, (state) => state.edges.has(id))
}
/** True while a path is lit: everything else steps back. */
export function useSomethingWalked(): boolean {
  return useStore(walked, (state) => state.head !== null)
}
