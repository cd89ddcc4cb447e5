import type { CardsPart, FilePart, ImagePart, PacePart, SourcePart } from './content-parts.ts'
import type { AnyNode, ConfigOf } from './define-node.ts'
import type { Classification, FoundEntity, FoundPassages, PassageSource } from './define-runner.ts'
import type { Manners } from './manners.ts'
import type { CallFailed, CallRequest, CallSettled, TimePassed } from './outside-call.ts'
import type { LocalText } from './text.ts'

/** A part of a message. Unknown types are kept and shown as their `text`. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'buttons'; block: string; options: { value: string; text: string }[] }
  | { type: 'notice'; text: string }
  | ImagePart
  | CardsPart
  | FilePart
  | PacePart
  | SourcePart
  | { type: string; text?: string; [key: string]: unknown }

/** A part before it is rendered: texts in every language, placeholders unfilled in them and in addresses. An empty address is none. */
export type PartTemplate =
  | { type: 'text'; text: LocalText }
  | { type: 'notice'; text: LocalText }
  | { type: 'buttons'; options: { value: string; text: LocalText }[] }
  /** Asks for a file: whoever can shows a button for one. */
  | { type: 'upload' }
  | { type: 'image'; url: string; text: LocalText }
  | { type: 'cards'; cards: CardTemplate[] }
  /** Words as they are: of a document, in which braces are no places to fill. */
  | { type: 'verbatim'; text: string }
  /** Where the words before it are from. */
  | { type: 'source'; source: PassageSource }
  /** The message comes after a time in which somebody could have typed it. */
  | { type: 'pace' }

export interface CardTemplate {
  title: LocalText
  text: LocalText
  image: string
  link: { url: string; text: LocalText }
}

/** A file that the visitor sent: stored already, checked by its bytes. */
export interface SentFile {
  id: string
  name: string
  /** Media type. */
  type: string
  bytes: number
}

/** What the visitor did. `choice` is a button of the block named in it. */
export interface UserMessage {
  type: 'user.message'
  id: string
  text: string
  choice?: { block: string; value: string }
  /** What came with the words, or instead of any. */
  files?: readonly SentFile[]
  language: string
}
/** A harmless effect came back. */
export interface EffectSettled {
  type: 'effect.settled'
  result: Classification
  /** The model's own threshold, below which it would rather not answer. */
  threshold?: number
}
/** What a knowledge holds about the words. */
export interface PassagesFound {
  type: 'passages.found'
  result: FoundPassages
  /** The knowledge's own floor, a confidence 0..1 below which nothing answers. */
  floor: number
}
export interface EffectFailed {
  type: 'effect.failed'
  code: string
}
export type StepEvent =
  | UserMessage
  | EffectSettled
  | PassagesFound
  | EffectFailed
  | CallSettled
  | CallFailed
  | TimePassed

/**
 * `classify` and `retrieve` are carried out at once and come back as an event. The others are seen by the world: they are written with the session
 * and carried out from the outbox. What becomes of a `call` comes back as an event of a later turn.
 */
export type Effect =
  | { type: 'classify'; text: string }
  | { type: 'retrieve'; text: string }
  | { type: 'handoff'; reason: string; note: string }
  | { type: 'call'; request: CallRequest }
  | Rating
/** What a visitor thinks of the conversation, 1 to 5. */
export interface Rating {
  type: 'rate'
  rating: number
  comment: string
}

/** A counter of this name says how far a block has got with something; it is forgotten where the conversation begins anew. */
export const placeCounter = 'place'

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
  /** What a model found in the last message; empty where none read it or it looks for nothing. */
  entities: readonly FoundEntity[]
  /** Parts of the last message that answers were taken from: none of them is an answer once more. */
  taken: readonly string[]
  /** What this block remembered with `remember` since it was entered (tries ...). */
  memory: Readonly<Record<string, unknown>>
  /** Remembered for the whole conversation by this block (misses in a row ...). */
  counters: Readonly<Record<string, number>>
  /** The same in every turn of a conversation and another one in each: what is drawn by lot is drawn from it. */
  seed: string
  /** The words came between a question and its answer: whoever answers them does so at once and leaves. */
  aside: boolean
  /** Whether an output port of this block has a wire. */
  connected(port: string): boolean
  /** ISO 8601 instant of this turn and the bot's IANA time zone. */
  now: string
  timeZone: string
}

/** What a step answers. Exactly one of `wait`, `leave`, `jump`, `call`, `effect`, `end` decides what comes next; a `handoff` comes with `end`, a `rate` with any. */
export interface StepResult {
  messages?: PartTemplate[][]
  /** Variables to set; null forgets one. */
  set?: Record<string, unknown>
  remember?: Record<string, unknown>
  count?: Record<string, number>
  /** The pending message was used here. */
  consume?: boolean
  /** The part of the last message that was taken as an answer. */
  took?: string
  /**
   * How the words fit what was asked: `none`: they are no answer; `any`: all words would have been one. Absent: they fit. What does not
   * fit may be about something else, which the conversation then looks into before this result counts.
   */
  fit?: 'none' | 'any'
  /** What the words were understood as: an id that tells one topic from another. */
  topic?: string
  /** The words were understood as nothing that leads on: what it does about them is a way out of that. */
  missed?: true
  effect?: Effect
  /** One step nearer to an end that is sure to come: the way may come by here again in this turn, more often than it else might. */
  progress?: boolean
  /** Stay here until the visitor answers. */
  wait?: boolean
  /** With `wait`: an instant (ISO 8601) at which `time.passed` comes if nobody has said anything before; it takes the place of reminders. */
  until?: string
  /** Leave by this output port. An unconnected port falls back as the conversation room says. */
  leave?: string
  /** Go on at this block, in whichever dialog it is. */
  jump?: string
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
  /** How the whole conversation behaves that begins at this block. */
  manners?(config: C): Manners
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
