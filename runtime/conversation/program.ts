import { type AnyStep, type LocalText, pickText } from '#kit'
import { compileDialog, type DialogConfig } from '../compiler/compile-dialog.ts'
import { createDialogMachine } from '../compiler/dialog-vocabulary.ts'
import type { GraphDocument } from '../graph/document.ts'
import { type NodeRegistry, parseConfig } from '../graph/registry.ts'

/** A dialog ready to talk: built once a version and shared by all its conversations. Nothing in it ever changes. */
export interface DialogProgram {
  machine: ReturnType<typeof createDialogMachine>
  config: DialogConfig
  blocks: Readonly<Record<string, { type: string; name: string | null; config: unknown; step: AnyStep['step'] }>>
  /** Output ports with a wire, by block. */
  wired: Readonly<Record<string, ReadonlySet<string>>>
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
      config: parseConfig(registry, node),
      step: steps[node.type]!.step,
    }
    wired[id] = new Set((state.on?.['block.left'] ?? []).map(({ guard }) => guard.params.port))
  }
  const defaults: Record<string, unknown> = {}
  for (const { name, default: value } of Object.values(document.variables))
    if (value !== undefined) defaults[name] = value
  return {
    machine: createDialogMachine(config),
    config,
    blocks,
    wired,
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
