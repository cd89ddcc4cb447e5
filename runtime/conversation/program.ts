import { transition } from 'xstate'
import { type AnyStep, type LocalText, pickText } from '#kit'
import { compileDialog, type DialogConfig } from '../compiler/compile-dialog.ts'
import { createDialogMachine } from '../compiler/dialog-vocabulary.ts'
import type { GraphDocument } from '../graph/document.ts'
import { type NodeRegistry, parseConfig } from '../graph/registry.ts'

/** A dialog ready to talk: built once a version and shared by all its conversations. Nothing in it ever changes. */
export interface DialogProgram {
  config: DialogConfig
  blocks: Readonly<
    Record<string, { type: string; name: string | null; dialog: string; config: unknown; step: AnyStep['step'] }>
  >
  /** Output ports with a wire, by block. */
  wired: Readonly<Record<string, ReadonlySet<string>>>
  /** The block that the machine goes to when `block` is left by `port`; null where that port has no wire. */
  follow(block: string, port: string): string | null
  /** The only block that leaves a conversation to a person; null where there is none, or several. */
  handOver: string | null
  languages: readonly string[]
  timeZone: string
  /** Variables with a default, by name. */
  defaults: Readonly<Record<string, unknown>>
  parameters: Readonly<Record<string, string | LocalText | readonly string[]>>
}

/** Compiles a document and puts each block's parsed config and step beside it. Throws as `compileDialog`. */
export function buildProgram(
  document: GraphDocument,
  registry: NodeRegistry,
  steps: Readonly<Record<string, AnyStep>>,
): DialogProgram {
  const config = compileDialog(document, registry)
  const blocks: Record<string, DialogProgram['blocks'][string]> = {}
  const wired: Record<string, ReadonlySet<string>> = {}
  for (const [id, state] of Object.entries(config.states)) {
    const node = document.nodes[id]!
    blocks[id] = {
      type: node.type,
      name: node.name ?? null,
      dialog: node.dialog,
      config: parseConfig(registry, node),
      step: steps[node.type]!.step,
    }
    wired[id] = new Set((state.on?.['block.left'] ?? []).map(({ guard }) => guard.params.port))
  }
  const machine = createDialogMachine(config)
  const followed = new Map<string, string>()
  const follow = (block: string, port: string): string | null => {
    if (!wired[block]?.has(port)) return null
    // A pure step of a machine without context: its answer is kept, since restoring a state costs time with each block there is.
    const key = `${block} ${port}`
    const known = followed.get(key)
    if (known !== undefined) return known
    const here = machine.resolveState({ value: block, context: {} })
    const [there] = transition(machine, here, { type: 'block.left', port })
    const target = String(there.value)
    followed.set(key, target)
    return target
  }
  const defaults: Record<string, unknown> = {}
  for (const { name, default: value } of Object.values(document.variables))
    if (value !== undefined) defaults[name] = value
  const handingOver = Object.keys(blocks).filter((id) => registry.nodes[blocks[id]!.type]?.handsOver)
  return {
    config,
    blocks,
    wired,
    follow,
    handOver: handingOver.length === 1 ? handingOver[0]! : null,
    languages: document.languages,
    timeZone: document.timeZone,
    defaults,
    parameters: Object.fromEntries(Object.values(document.parameters).map(({ name, value }) => [name, value])),
  }
}

/** The bot's parameters as texts see them in one language. */
export function parametersIn(program: DialogProgram, language: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(program.parameters))
    values[name] = typeof value === 'string' ? value : isList(value) ? value.join(', ') : pickText(value, language)
  return values
}

function isList(value: LocalText | readonly string[]): value is readonly string[] {
  return Array.isArray(value)
}
