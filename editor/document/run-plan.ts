import { datasetRef } from '#kit/ports.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { pipelineOrder, upstream } from '#runtime/graph/topology.ts'
import type { NodeState } from '#server/api/dto.ts'
import { registry } from './registry.ts'

/** What a run would do now. */
export interface RunPlan {
  /** In the order in which they would run; `seconds` is null where nothing has been measured yet. */
  stale: { node: string; seconds: number | null }[]
  /** Blocks whose results are used again, with the run that made them. */
  kept: { node: string; run: string | null }[]
  /** The sum of what is known, seconds. */
  seconds: number
  /** Blocks of which nobody knows how long they take. */
  unknown: number
}

/**
 * Which blocks would run and how long they would take: as long as the last time, longer or shorter by as much as the rows before them
 * have become more or fewer since.
 */
export function runPlan(document: GraphDocument, states: Readonly<Record<string, NodeState>>): RunPlan {
  const plan: RunPlan = { stale: [], kept: [], seconds: 0, unknown: 0 }
  for (const node of pipelineOrder(document, registry).order) {
    const state = states[node]
    if (state && state.stale === null) {
      plan.kept.push({ node, run: state.run })
      continue
    }
    const seconds = state?.seconds == null ? null : state.seconds * growth(document, states, node)
    plan.stale.push({ node, seconds })
    if (seconds === null) plan.unknown++
    else plan.seconds += seconds
  }
  return plan
}

/** By how much the records that reach a block are more than those of the last run; 1 where that is not known. */
function growth(document: GraphDocument, states: Readonly<Record<string, NodeState>>, node: string): number {
  let [before, now] = [0, 0]
  for (const source of [node, ...upstream(document, registry, node)]) {
    const state = states[source]
    // What comes from other blocks is counted at those.
    if (!state || Object.keys(state.contents).length === 0) continue
    const rows = Object.values(state.outputs ?? {})
      .flatMap((value) => datasetRef.safeParse(value).data ?? [])
      .reduce((sum, data) => sum + data.rows, 0)
    before += rows
    now += rows
    for (const reason of state.stale ?? []) if (reason.kind === 'rows') now += reason.added - reason.removed
  }
  return before > 0 && now > 0 ? now / before : 1
}
