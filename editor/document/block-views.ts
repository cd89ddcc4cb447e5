import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { type AnyNode, inputPorts, outputPorts } from '#kit/define-node.ts'
import { type Facts, type NodeFacts, noFacts } from '#kit/facts.ts'
import type { Ports } from '#kit/ports.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { namedBlocks } from '#runtime/graph/field-refs.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { Draft } from './draft.ts'
import { configOf, graphNow, problemsNow } from './graph-now.ts'
import { registry } from './registry.ts'

/** All that a block shows that comes from the whole document: its ports by labels upstream, its summary, its problems. */
export interface BlockView {
  inputs: Ports
  outputs: Ports
  summary: { key: string; params: Record<string, string | number | Record<string, string>> } | null
  /** The block that a setting leads to; null where none does. It may be gone. */
  leadsTo: string | null
  /** Ports that have a wire, with the blocks at its other ends. */
  wired: Readonly<Record<string, readonly string[]>>
}

interface BlockViews {
  views: Record<string, BlockView>
  problems: Problem[]
  problemsOf: Record<string, Problem[]>
}

export const blockViews = createStore<BlockViews>()(() => ({ views: {}, problems: [], problemsOf: {} }))

/** Views of all blocks; a view that says the same as before is the same object, so that its block is not drawn again. */
export function viewBlocks(
  document: GraphDocument,
  facts: Facts,
  before: Record<string, BlockView>,
): Record<string, BlockView> {
  const wired = new Map<string, Record<string, string[]>>()
  const fed = new Set<string>()
  const add = (node: string, port: string, other: string) => {
    const ports = wired.get(node) ?? {}
    ports[port] = [...(ports[port] ?? []), other]
    wired.set(node, ports)
  }
  for (const edge of Object.values(document.edges)) {
    add(edge.from.node, edge.from.port, edge.to.node)
    add(edge.to.node, edge.to.port, edge.from.node)
    if (registry.nodes[document.nodes[edge.from.node]?.type ?? '']?.family === 'pipeline') fed.add(edge.to.node)
  }
  const { factsOf } = graphNow(document, facts)
  const views: Record<string, BlockView> = {}
  for (const [id, node] of Object.entries(document.nodes)) {
    const definition = registry.nodes[node.type]
    // Only what data flows into, or what the facts name, can know labels: the rest is spared the walk upstream.
    const known = fed.has(id) || facts.rows[id] !== undefined || facts.labels[id] !== undefined
    const own = definition && known ? factsOf(id) : noFacts
    const ends = wired.get(id) ?? {}
    const old = before[id]
    const from = old && madeFrom.get(old)
    if (old && from?.node === node && from.facts === own && sameEnds(old.wired, ends)) {
      views[id] = old
      continue
    }
    const view = viewBlock(definition, node, own, ends)
    const still = old && canonicalJson(old) === canonicalJson(view) ? old : view
    madeFrom.set(still, { node, facts: own })
    views[id] = still
  }
  return views
}

/** What a view was made from: where that is the same, so is the view. */
const madeFrom = new WeakMap<BlockView, { node: NodeRecord; facts: NodeFacts }>()

function sameEnds(a: BlockView['wired'], b: BlockView['wired']): boolean {
  const ports = Object.keys(a)
  return (
    ports.length === Object.keys(b).length &&
    ports.every((port) => a[port]?.length === b[port]?.length && a[port]?.every((end, at) => end === b[port]?.[at]))
  )
}

function viewBlock(
  definition: AnyNode | undefined,
  node: NodeRecord,
  facts: NodeFacts,
  wired: Record<string, string[]>,
): BlockView {
  if (!definition) return { inputs: {}, outputs: {}, summary: null, leadsTo: null, wired }
  const config = configOf(node)
  const leadsTo = namedBlocks(registry, node)[0] ?? null
  try {
    const summary = definition.summary?.(config, facts)
    return {
      inputs: inputPorts(definition, config, facts),
      outputs: outputPorts(definition, config, facts),
      summary: summary ? { key: `${node.type}.${summary.key}`, params: summary.params ?? {} } : null,
      leadsTo,
      wired,
    }
  } catch {
    // A config that does not parse may break these functions; the block then shows its problem and no ports.
    return { inputs: {}, outputs: {}, summary: null, leadsTo, wired }
  }
}

const problemDelay = 120

/** Keeps the views in step with a draft. Returns the undoing. */
export function watchDraft(draft: Draft): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let seen: { document: GraphDocument; facts: Facts } | null = null

  const judge = () => {
    const { document, facts, serverProblems, phase } = draft.getState()
    const own = phase === 'open' ? problemsNow(document, facts) : []
    const extra = serverProblems.filter((problem) => problem.node === undefined || document.nodes[problem.node])
    const problems = [...own, ...extra].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
    const grouped: Record<string, Problem[]> = {}
    for (const problem of problems) {
      if (problem.node === undefined) continue
      const list = grouped[problem.node]
      if (list) list.push(problem)
      else grouped[problem.node] = [problem]
    }
    const before = blockViews.getState().problemsOf
    for (const [node, list] of Object.entries(grouped))
      if (before[node] && canonicalJson(before[node]) === canonicalJson(list)) grouped[node] = before[node]
    blockViews.setState({ problems, problemsOf: grouped })
  }
  const look = () => {
    const { document, facts } = draft.getState()
    if (seen?.document !== document || seen.facts !== facts) {
      seen = { document, facts }
      blockViews.setState({ views: viewBlocks(document, facts, blockViews.getState().views) })
    }
    clearTimeout(timer)
    timer = setTimeout(judge, problemDelay)
  }
  look()
  const stop = draft.subscribe(look)
  return () => {
    stop()
    clearTimeout(timer)
    blockViews.setState({ views: {}, problems: [], problemsOf: {} })
  }
}

export function useBlockView(node: string): BlockView | undefined {
  return useStore(blockViews, (state) => state.views[node])
}
export function useProblemsOf(node: string): Problem[] | undefined {
  return useStore(blockViews, (state) => state.problemsOf[node])
}
