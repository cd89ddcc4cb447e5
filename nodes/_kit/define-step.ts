import type { AnyNode, ConfigOf } from './define-node.ts'
import type { Classification } from './define-runner.ts'
import type { LocalText } from './text.ts'

/** A part of a message. Unknown types are kept and shown as their `text`. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'buttons'; block: string; options: { value: string; text: string }[] }
  | { type: 'notice'; text: string }
  | { type: string; text?: string; [key: string]: unknown }

/** A part before it is rendered: texts in every language, placeholders unfilled. */
export type PartTemplate =
  | { type: 'text'; text: LocalText }
  | { type: 'notice'; text: LocalText }
  | { type: 'buttons'; options: { value: string; text: LocalText }[] }

/** What the visitor did. `choice` is a button of the block named in it. */
export interface UserMessage {
  type: 'user.message'
  id: string
  text: string
  choice?: { block: string; value: string }
  language: string
}
/** A harmless effect came back. */
export interface EffectSettled {
  type: 'effect.settled'
  result: Classification
  /** The model's own threshold, below which it would rather not answer. */
  threshold?: number
}
export interface EffectFailed {
  type: 'effect.failed'
  code: string
}
export type StepEvent = UserMessage | EffectSettled | EffectFailed

/** `classify` is carried out at once and comes back as an event; `handoff` is written with the session and delivered from the outbox. */
export type Effect = { type: 'classify'; text: string } | { type: 'handoff'; reason: string; note: string }

/** All that a step may look at. Frozen; a step changes nothing, it answers. */
export interface SessionView {
  node: string
  /** Declared variables with their values; unset ones are absent. */
  variables: Readonly<Record<string, unknown>>
  /** Values of the document's parameters (brand, hours ...), already in the session's language. */
  parameters: Readonly<Record<string, unknown>>
  language: string
  languages: readonly string[]
  /** The visitor's last message that no block has consumed yet, or null. `consume: true` in the result takes it. */
  pending: UserMessage | null
  /** The visitor's last message, consumed or not. */
  lastMessage: UserMessage | null
  /** What this block remembered with `remember` since it was entered (tries ...). */
  memory: Readonly<Record<string, unknown>>
  /** Remembered for the whole conversation by this block (misses in a row ...). */
  counters: Readonly<Record<string, number>>
  /** Whether an output port of this block has a wire. */
  connected(port: string): boolean
  /** ISO 8601 instant of this turn and the bot's IANA time zone. */
  now: string
  timeZone: string
}

/** What a step answers. Exactly one of `wait`, `leave`, `call`, `effect`, `end` decides what comes next; a `handoff` comes with `end`. */
export interface StepResult {
  messages?: PartTemplate[][]
  /** Variables to set; null forgets one. */
  set?: Record<string, unknown>
  remember?: Record<string, unknown>
  count?: Record<string, number>
  /** The pending message was used here. */
  consume?: boolean
  effect?: Effect
  /** Stay here until the visitor answers. */
  wait?: boolean
  /** Leave by this output port. An unconnected port falls back as the conversation room says. */
  leave?: string
  /** Go through another dialog of the bot from its start; where one of its branches ends, this block is left by the port `back`. */
  call?: { dialog: string; back: string }
  /** The conversation is over; `handoff`: a person has it now. */
  end?: 'done' | 'handoff'
  /** For the why-trace: the bar that the model's answer was held against, which may be the block's own. */
  threshold?: number
  /** For the why-trace: locale key and values. */
  note?: { key: string; params?: Record<string, string | number> }
}

export interface StepHandlers<C> {
  enter(config: C, session: SessionView): StepResult
  /** Called with the event that the block waited for. */
  resume?(config: C, session: SessionView, event: StepEvent): StepResult
}
export interface DefinedStep<D = unknown> {
  node: D
  step: StepHandlers<ConfigOf<D>>
}
export interface AnyStep {
  node: { type: string }
  // biome-ignore lint/suspicious/noExplicitAny: the registry holds steps of different configs
  step: StepHandlers<any>
}

/** A dialog block's behaviour: pure, synchronous, safe in a browser. */
export function defineStep<D extends AnyNode>(node: D, step: StepHandlers<ConfigOf<D>>): DefinedStep<D> {
  return { node, step }
}
