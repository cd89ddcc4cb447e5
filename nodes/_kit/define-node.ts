import type { z } from 'zod'
import type { NodeFacts } from './facts.ts'
import type { ConfigSchema } from './fields.ts'
import type { Ports } from './ports.ts'

export type Family = 'pipeline' | 'dialog'
/** Hue and icon group of a block on the canvas. */
export type Hue = 'data' | 'learn' | 'talk' | 'logic' | 'action' | 'people'

/** Lifts a block's config from the version before; the result is parsed by the current schema. */
export type ConfigMigration = (config: Record<string, unknown>) => Record<string, unknown>

export type PortsOf<C> = Ports | ((config: C, facts: NodeFacts) => Ports)

/**
 * What a block IS, loadable in a browser: no runner, no server, only zod.
 * `inputs` and `outputs` may depend on config and facts (a choice grows ports, labels are ports).
 */
export interface NodeDefinition<
  S extends ConfigSchema = ConfigSchema,
  I extends PortsOf<z.output<S>> = PortsOf<z.output<S>>,
  O extends PortsOf<z.output<S>> = PortsOf<z.output<S>>,
> {
  /** kebab-case, equal to the folder's name. */
  type: string
  version: number
  family: Family
  /** `worker`: heavy, in a compute process; `server`: reads the database; `conversation`: a pure step. */
  runsOn: 'server' | 'worker' | 'conversation'
  hue: Hue
  /** Name of an icon in editor/canvas/icons. */
  icon: string
  config: S
  inputs: I
  outputs: O
  /** `{ 2: fromVersion1 }`, gap-free from 2 to `version`. */
  migrations?: Record<number, ConfigMigration>
  /** The one line that says what the block does now: a locale key below the block's type and its values. */
  summary?: (
    config: z.output<S>,
    facts: NodeFacts,
  ) => { key: string; params?: Record<string, string | number | Record<string, string>> }
  /** Variables that a session gains when it passes this block, by config. */
  variables?: (config: z.output<S>) => GainedVariable[]
  /** Problems that the schema cannot tell (an empty reply, a button without a text). Pure and cheap: it runs at each edit. */
  check?: (config: z.output<S>, view: CheckView) => NodeProblem[]
  /** What the model that it makes by this config gives instead of labels: answers that it writes, or that it finds. */
  gives?: (config: z.output<S>) => NodeFacts['gives']
  /** It leaves the conversation to a person. Where a bot has one such block, whoever asks for a person gets there. */
  handsOver?: boolean
  /** At most one block of this type a dialog (start). */
  single?: boolean
}

/** What a variable holds: which comparisons a condition offers for it. */
export type VariableType = 'text' | 'number' | 'date' | 'boolean' | 'choice'

export interface GainedVariable {
  name: string
  /** Null where the config does not tell. */
  type: VariableType | null
}

/** What a block's own check may look at beside its config. */
export interface CheckView {
  languages: readonly string[]
  /** Names that a text or a condition may use: variables, parameters, and what blocks set. */
  names: readonly string[]
  /** What is known of the data upstream. */
  facts?: NodeFacts
}

/** A problem found in one block: `code` is a locale key below the block's type (`problem.<code>`). */
export interface NodeProblem {
  code: string
  severity: 'error' | 'warning'
  field?: string
  params?: Record<string, string | number>
}

// Any definition, for lists and registries. The two `any` are the price of one list over many config types.
// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of different configs
export type AnyNode = NodeDefinition<any, any, any>

export function defineNode<
  S extends ConfigSchema,
  const I extends PortsOf<z.output<S>>,
  const O extends PortsOf<z.output<S>>,
>(definition: NodeDefinition<S, I, O>): NodeDefinition<S, I, O> {
  return definition
}

export type ConfigOf<D> = D extends { config: infer S extends ConfigSchema } ? z.output<S> : never

/** A block's ports for a config and facts, whatever form the definition gives them in. */
export function inputPorts(node: AnyNode, config: unknown, facts: NodeFacts): Ports {
  return typeof node.inputs === 'function' ? node.inputs(config, facts) : node.inputs
}
export function outputPorts(node: AnyNode, config: unknown, facts: NodeFacts): Ports {
  return typeof node.outputs === 'function' ? node.outputs(config, facts) : node.outputs
}
