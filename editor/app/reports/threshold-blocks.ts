import { configOf } from '#editor/document/graph-now.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { talkNodes, upstream } from '#runtime/graph/topology.ts'

/** A block's setting that says from which confidence on it answers. */
export const thresholdField = 'threshold'

export interface ThresholdBlock {
  node: NodeRecord
  /** What is set on the block; null: it takes the model's own. */
  threshold: number | null
}

/** Blocks of the dialog that ask the very model that a block of the Learn half examined, and that have a threshold to set. */
export function thresholdBlocks(document: GraphDocument, registry: NodeRegistry, examiner: string): ThresholdBlock[] {
  return talkNodes(document, registry).flatMap((id) => {
    const node = document.nodes[id]!
    if (!(thresholdField in registry.nodes[node.type]!.config.shape)) return []
    if (!upstream(document, registry, id).includes(examiner)) return []
    const set = configOf(node)[thresholdField]
    return [{ node, threshold: typeof set === 'number' ? set : null }]
  })
}
