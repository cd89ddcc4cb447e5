import { BotloomError } from '#kit'
import { type EdgeRecord, type GraphDocument, mainDialog } from '../graph/document.ts'
import { type NodeRegistry, parseConfig } from '../graph/registry.ts'
import { edgesByEnd, talkNodes } from '../graph/topology.ts'
import { dialogGuards } from './dialog-vocabulary.ts'

/** One way out of a block: taken when the block was left by that port. */
export interface DialogTransition {
  guard: { type: 'leftBy'; params: { port: string } }
  target: string
}
/**
 * Plain data for xstate's `createMachine` over the vocabulary of `dialog-vocabulary.ts`: one state a block, named by
 * the block's id. Knows no block type; a port without a wire has no transition.
 */
export interface DialogConfig {
  id: 'dialog'
  /** Where conversations begin. */
  initial: string
  /** Where each further dialog begins, by its id; absent where the bot has one dialog. */
  meta?: { starts: Record<string, string> }
  states: Record<string, { on?: { 'block.left': DialogTransition[] } }>
}

/**
 * The Talk half as a machine. Throws `dialog-without-start`, `dialog-two-starts`, `dialog-wire-lost`,
 * `dialog-wire-doubled`, or what `parseConfig` throws for a block that cannot be read.
 */
export function compileDialog(document: GraphDocument, registry: NodeRegistry): DialogConfig {
  const blocks = talkNodes(document, registry).filter((id) =>
    Object.hasOwn(document.dialogs, document.nodes[id]!.dialog),
  )
  for (const node of Object.values(document.nodes))
    if (!registry.nodes[node.type]) throw new BotloomError('unknown-block', { type: node.type })
  for (const id of blocks) parseConfig(registry, document.nodes[id]!)
  const starts: Record<string, string> = {}
  for (const id of blocks) {
    const { type, dialog } = document.nodes[id]!
    if (!registry.nodes[type]!.single) continue
    const first = starts[dialog]
    if (first !== undefined) throw new BotloomError('dialog-two-starts', { first, second: id })
    starts[dialog] = id
  }
  const { [mainDialog]: initial, ...others } = starts
  if (initial === undefined) throw new BotloomError('dialog-without-start')
  const states: DialogConfig['states'] = {}
  const known = new Set(blocks)
  const { outOf } = edgesByEnd(document)
  for (const id of blocks) {
    const transitions = transitionsOf(document, id, outOf.get(id) ?? [], known)
    states[id] = transitions.length > 0 ? { on: { 'block.left': transitions } } : {}
  }
  const meta = Object.keys(others).length > 0 ? { meta: { starts: others } } : {}
  const config: DialogConfig = { id: 'dialog', initial, ...meta, states }
  checkNames(config)
  return config
}

function transitionsOf(
  document: GraphDocument,
  block: string,
  edges: readonly EdgeRecord[],
  known: ReadonlySet<string>,
): DialogTransition[] {
  const seen = new Set<string>()
  return [...edges]
    .sort((a, b) => (a.from.port < b.from.port ? -1 : 1))
    .map((edge) => {
      const { port } = edge.from
      if (!known.has(edge.to.node)) throw new BotloomError('dialog-wire-lost', { block: nameOf(document, block), port })
      if (seen.has(port)) throw new BotloomError('dialog-wire-doubled', { block: nameOf(document, block), port })
      seen.add(port)
      return { guard: { type: 'leftBy', params: { port } }, target: edge.to.node }
    })
}

/** xstate finds an unknown guard or target only when it gets there, which would be in front of a visitor. */
function checkNames(config: DialogConfig): void {
  for (const [dialog, start] of Object.entries(config.meta?.starts ?? {}))
    if (!Object.hasOwn(config.states, start)) throw new BotloomError('unexpected', { detail: `start of ${dialog}` })
  for (const [id, state] of Object.entries(config.states))
    for (const { guard, target } of state.on?.['block.left'] ?? []) {
      if (!Object.hasOwn(dialogGuards, guard.type))
        throw new BotloomError('unexpected', { detail: `guard ${guard.type}` })
      if (!Object.hasOwn(config.states, target))
        throw new BotloomError('dialog-wire-lost', { block: id, port: guard.params.port })
    }
}

function nameOf(document: GraphDocument, id: string): string {
  return document.nodes[id]?.name ?? id
}
