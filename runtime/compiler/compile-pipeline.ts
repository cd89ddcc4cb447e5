import { BotloomError } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { type NodeRegistry, parseConfig } from '#runtime/graph/registry.ts'
import { edgesInto, pipelineOrder } from '#runtime/graph/topology.ts'

/** Where an input of a block comes from. */
export interface Source {
  node: string
  port: string
}

/** A pipeline block as the machine knows it: no types, no configs, only what waits for what. */
export interface PipelineBlock {
  /** Input port to its source. */
  inputs: Record<string, Source>
}

/**
 * A Learn half as plain data for xstate 5: a flat machine whose one live state settles blocks; what each block is at stands in
 * the context. Names of guards and actions are those of `pipeline-vocabulary.ts`; all params are JSON.
 */
export interface PipelineConfig {
  id: 'pipeline'
  initial: 'running'
  context: { blocks: Record<string, PipelineBlock> }
  states: Record<string, unknown>
}

/** Throws `pipeline-cycle`, `nothing-to-run`, or what `parseConfig` says of a block. */
export function compilePipeline(document: GraphDocument, registry: NodeRegistry): PipelineConfig {
  const { order, cycle } = pipelineOrder(document, registry)
  if (cycle.length > 0)
    throw new BotloomError('pipeline-cycle', { blocks: cycle.map((id) => nameOf(document, id)).join(', ') })
  if (order.length === 0) throw new BotloomError('nothing-to-run')
  const blocks: Record<string, PipelineBlock> = {}
  for (const id of order) {
    parseConfig(registry, document.nodes[id]!)
    blocks[id] = { inputs: Object.fromEntries(edgesInto(document, id).map((edge) => [edge.to.port, edge.from])) }
  }
  return {
    id: 'pipeline',
    initial: 'running',
    context: { blocks },
    states: {
      running: {
        on: {
          'run.started': [
            { guard: 'allKnown', target: 'done', actions: ['reuse'] },
            { actions: ['reuse', 'queueReady'] },
          ],
          'node.started': { guard: 'isCurrent', actions: ['start'] },
          'node.noted': { guard: 'isCurrent', actions: ['note'] },
          'node.settled': [
            { guard: 'isLast', target: 'done', actions: ['settle'] },
            { guard: 'isTrial', actions: ['settle', 'resume'] },
            { guard: 'isCurrent', actions: ['settle', 'queueReady'] },
          ],
          'node.branched': { guard: 'isCurrent', actions: ['branch', 'resume'] },
          'node.failed': [
            { guard: 'mayRetry', actions: ['retry'] },
            { guard: 'isTrial', actions: ['failTrial', 'resume'] },
            { guard: 'isCurrent', target: 'failed', actions: ['fail'] },
          ],
          'node.lost': { guard: 'isCurrent', actions: ['retry'] },
          'run.finish-asked': { guard: 'isWorking', actions: ['askToFinish', 'resume'] },
          'run.cancelled': { target: 'cancelled', actions: ['cancel'] },
        },
      },
      done: { type: 'final' },
      failed: { type: 'final' },
      cancelled: { type: 'final' },
    },
  }
}

function nameOf(document: GraphDocument, id: string): string {
  return document.nodes[id]?.name ?? id
}
