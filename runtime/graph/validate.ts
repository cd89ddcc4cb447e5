import { type AnyNode, BotloomError, type FieldRef, portTypes } from '#kit'
import { usualVisitorNames } from '#kit/visitor-names.ts'
import { type GraphDocument, mainDialog, type NodeRecord } from './document.ts'
import { fieldRefs } from './field-refs.ts'
import type { GraphView } from './graph-view.ts'
import type { Problem } from './problems.ts'
import type { NodeRegistry } from './registry.ts'
import { pipelineOrder, reachableTalk, startOf, talkNodes } from './topology.ts'
import { canConnect } from './wiring.ts'

/** Every problem of a graph, blocks in stable order. Pure and cheap enough to run at each edit. */
export function findProblems(view: GraphView): Problem[] {
  const { document, registry } = view
  const problems: Problem[] = []
  const names = namesOf(view)
  for (const id of Object.keys(document.nodes).sort()) {
    const node = document.nodes[id]!
    const definition = registry.nodes[node.type]
    if (!definition)
      problems.push({ severity: 'error', code: 'unknown-block', half: 'talk', node: id, params: { type: node.type } })
    else problems.push(...nodeProblems(view, node, definition, names))
  }
  problems.push(...edgeProblems(view), ...cycleProblems(document, registry), ...talkProblems(document, registry))
  return problems
}

/** Every name that a text may use: declared variables and parameters, and what blocks set as they are passed. */
function namesOf({ document, registry, configOf }: GraphView): string[] {
  const names = new Set(
    [...Object.values(document.variables), ...Object.values(document.parameters)].map((record) => record.name),
  )
  for (const node of Object.values(document.nodes)) {
    const variables = registry.nodes[node.type]?.variables
    try {
      for (const { name } of variables?.(configOf(node.id).config) ?? []) names.add(name)
    } catch {
      // A config that does not parse is a problem of its own, told at its block.
    }
  }
  return [...names, ...usualVisitorNames]
}

const halfOf = (definition: AnyNode): Problem['half'] => (definition.family === 'pipeline' ? 'learn' : 'talk')

function nodeProblems(view: GraphView, node: NodeRecord, definition: AnyNode, names: readonly string[]): Problem[] {
  const { document } = view
  const half = halfOf(definition)
  const problems: Problem[] = []
  try {
    const { config, error } = view.configOf(node.id)
    if (error) throw error
    for (const found of definition.check?.(config, {
      languages: document.languages,
      names,
      facts: view.factsOf(node.id),
    }) ?? [])
      problems.push({ ...found, code: `${node.type}.problem.${found.code}`, half, node: node.id })
    for (const { path, ref, value } of fieldRefs(definition, config)) {
      const code = value === '' ? null : lostRef(view, node, ref, value)
      if (code) problems.push({ severity: 'error', code, half, node: node.id, field: path })
    }
  } catch (error) {
    if (!(error instanceof BotloomError)) throw error
    problems.push({
      severity: 'error',
      code: error.code,
      half,
      node: node.id,
      field: String(error.params.field ?? ''),
      params: error.params,
    })
    return problems
  }
  const ports = view.portsOf(node.id)
  const wires = view.edgesInto(node.id)
  const taken = new Set(wires.map((edge) => edge.to.port))
  for (const [id, port] of Object.entries(ports.inputs))
    if (portTypes[port.type].data && !port.optional && !taken.has(id))
      problems.push({ severity: 'error', code: 'input-missing', half, node: node.id, port: id })
  for (const { from, to } of wires)
    if (ports.inputs[to.port]?.needsLabels && view.factsOf(from.node).gives)
      problems.push({ severity: 'error', code: 'model-writes', half, node: node.id, port: to.port })
  const wired = new Set(view.edgesOutOf(node.id).map((edge) => edge.from.port))
  for (const [id, port] of Object.entries(ports.outputs)) {
    if (portTypes[port.type].data || port.optional || wired.has(id)) continue
    if (port.label && wired.size > 0)
      problems.push({
        severity: 'warning',
        code: 'label-unconnected',
        half,
        node: node.id,
        port: id,
        params: { label: port.label.name },
      })
    // Where a branch of a called dialog ends, the conversation goes back to the caller: that is how it is left.
    else if (node.dialog === mainDialog)
      problems.push({ severity: 'warning', code: 'output-unconnected', half, node: node.id, port: id })
  }
  for (const label of view.factsOf(node.id).labels)
    if (ports.outputs[label.id]?.label && !label.trained)
      problems.push({
        severity: 'warning',
        code: 'label-untrained',
        half,
        node: node.id,
        port: label.id,
        params: { label: label.name },
      })
  return problems
}

/** Why what a setting names cannot be gone to; null where it can, or is no place in the graph. */
function lostRef({ document, registry }: GraphView, node: NodeRecord, ref: FieldRef, value: string): string | null {
  if (ref === 'dialog') return startOf(document, registry, value) === undefined ? 'dialog-gone' : null
  if (ref !== 'block') return null
  if (value === node.id) return 'block-itself'
  const familyOf = (type: string | undefined) => registry.nodes[type ?? '']?.family
  const target = Object.hasOwn(document.nodes, value) ? document.nodes[value] : undefined
  return target && familyOf(target.type) === familyOf(node.type) ? null : 'block-gone'
}

function edgeProblems(view: GraphView): Problem[] {
  const { document, registry } = view
  const problems: Problem[] = []
  for (const edge of Object.values(document.edges)) {
    const refusal = canConnect(view, edge.from, edge.to, edge.id)
    // A cycle of data is reported once, for its blocks.
    if (!refusal || refusal === 'cycle') continue
    const definition = registry.nodes[document.nodes[edge.from.node]?.type ?? '']
    problems.push({
      // A wire to a port that went away (a label was removed) hurts nobody: nothing leaves by it any more.
      severity: refusal === 'no-such-port' ? 'warning' : 'error',
      code: `wire.${refusal}`,
      half: definition ? halfOf(definition) : 'talk',
      node: edge.from.node,
      edge: edge.id,
      port: edge.from.port,
    })
  }
  return problems
}

function cycleProblems(document: GraphDocument, registry: NodeRegistry): Problem[] {
  return pipelineOrder(document, registry).cycle.map((node) => ({
    severity: 'error',
    code: 'pipeline-cycle',
    half: 'learn',
    node,
  }))
}

function talkProblems(document: GraphDocument, registry: NodeRegistry): Problem[] {
  const talk = talkNodes(document, registry)
  if (talk.length === 0) return []
  const starts = talk.filter((id) => registry.nodes[document.nodes[id]!.type]?.single)
  const problems: Problem[] = []
  if (startOf(document, registry, mainDialog) === undefined)
    problems.push({ severity: 'error', code: 'start-missing', half: 'talk' })
  for (const dialog of Object.keys(document.dialogs)) {
    const inDialog = starts.filter((id) => document.nodes[id]!.dialog === dialog)
    for (const node of inDialog.slice(1)) problems.push({ severity: 'error', code: 'start-twice', half: 'talk', node })
  }
  const reached = reachableTalk(document, registry)
  for (const node of talk)
    if (!reached.has(node)) problems.push({ severity: 'warning', code: 'unreachable', half: 'talk', node })
  return problems
}
