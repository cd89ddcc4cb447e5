import {
  type CallFailed,
  type CallRequest,
  type CallSettled,
  type Classification,
  type Effect,
  type FoundPassages,
  type KnowledgeQuestion,
  type LocalText,
  type Manners,
  type PartTemplate,
  placeCounter,
  type SentFile,
  type SessionView,
  type StepEvent,
  type StepResult,
  type UserMessage,
} from '#kit'
import { visitorValues } from '#kit/visitor-names.ts'
import { notices } from './notices.ts'
import { type DialogProgram, parametersIn } from './program.ts'
import { type BotMessage, isButtons, renderMessage } from './render.ts'
import { newSession, type Session } from './session.ts'
import { PathRecorder, type TraceStep, type TurnTrace, wordsOf } from './trace.ts'

export type TurnEvent =
  | { type: 'conversation.started'; language?: string }
  | {
      type: 'user.message'
      id: string
      text: string
      choice?: { block: string; value: string }
      files?: readonly SentFile[]
      language?: string
    }
  /** The instant of `TurnResult.wake` has come without a word. */
  | { type: 'time.passed' }
  /** What became of the session's `calling` of this id. */
  | CallOutcome

export type CallOutcome = { call: number; ms: number; attempts: number } & (CallSettled | CallFailed)

/** What a model said of a text, with the threshold that it was calibrated to. */
export interface Classified {
  result: Classification
  threshold: number
}

/** What a knowledge holds about a question, with the floor that was found for it. */
export interface Retrieved {
  result: FoundPassages
  floor: number
}

export interface TurnDeps {
  program: DialogProgram
  /** The model wired to an intent block. A rejection leads to the block's own answer for it, never out of the turn. */
  classify: (block: string, text: string) => Promise<Classified>
  /** The knowledge wired to a block. A rejection leads to the block's own answer for it, never out of the turn. */
  retrieve: (block: string, question: KnowledgeQuestion) => Promise<Retrieved>
  /** ISO 8601 instant of this turn. */
  now: string
  /** The conversation's own; lots are drawn from it. */
  seed: string
  /** What a site vouches for of the visitor, by its key. */
  visitor?: Readonly<Record<string, string>> | null
  /** Milliseconds from a monotonic clock. */
  clock?: () => number
}

/** An effect that the world can see: stored with the session first, carried out afterwards. */
export type OutboxEntry = { block: string } & (
  | Extract<Effect, { type: 'handoff' | 'rate' }>
  | (Extract<Effect, { type: 'call' }> & { id: number })
)

export interface Wake {
  /** ISO 8601. */
  at: string
  /** `block`: some block waits for just that; `silence`: the visitor is reminded, or let go. */
  why: 'block' | 'silence'
}

export interface TurnResult {
  session: Session
  /** The visitor's words as they were understood (a click has its button's words). */
  user: UserMessage | null
  messages: BotMessage[]
  outbox: OutboxEntry[]
  /** When `time.passed` is due, unless the visitor says something; null where time changes nothing. */
  wake: Wake | null
  trace: TurnTrace
}

/** Answers that may still be corrected. */
const mostAnswered = 30

/** One turn's working copy of a conversation, and what can be done to it; lives no longer than the turn. */
export class Turn {
  readonly program: DialogProgram
  readonly session: Session
  readonly manners: Manners | null
  readonly messages: BotMessage[] = []
  readonly outbox: OutboxEntry[] = []
  readonly trace: PathRecorder
  /** The visitor's words as they were understood. */
  user: UserMessage | null = null
  parameters: Record<string, unknown> = {}
  classification: TurnTrace['classification'] = null
  retrieval: TurnTrace['retrieval'] = null
  /** Visits of each block since one last made progress. */
  readonly visits = new Map<string, number>()
  /** Comes before the next message of the block that is entered. */
  lead: LocalText | null = null
  /** A block ended the conversation. */
  ended = false
  /** Something broke in this turn before. */
  recovered = false
  /** What is said is no news: not to be said again on request. */
  repeated = false
  private readonly deps: TurnDeps

  constructor(before: Session | null, deps: TurnDeps) {
    this.program = deps.program
    this.deps = deps
    this.manners = mannersOf(this.program)
    this.trace = new PathRecorder(deps.clock ?? (() => performance.now()))
    const first = this.program.languages[0] ?? 'en'
    // Steps are pure and everything here is replaced, never changed in place, but for what is copied.
    this.session = before
      ? { ...before, variables: { ...before.variables }, counters: { ...before.counters }, calls: [...before.calls] }
      : newSession(this.program.config.initial, first, { ...this.program.defaults })
  }

  /** What texts and conditions may read besides variables, in the language of now. */
  readParameters(): void {
    this.parameters = { ...parametersIn(this.program, this.session.language), ...visitorValues(this.deps.visitor) }
  }

  enter(block: string): void {
    this.session.at = block
    this.session.memory = {}
    this.session.due = null
    this.session.status = 'active'
  }

  knows(block: string): boolean {
    return Object.hasOwn(this.program.blocks, block)
  }

  /** Words that the waiting block is to hear; nothing of those before is left. */
  take(words: UserMessage): void {
    this.session.pending = words
    this.session.lastMessage = words
    this.session.entities = []
    this.session.taken = []
  }

  /** What a block says to words; null where it breaks. Nothing is changed by it. */
  ask(at: string, event: StepEvent, memory = this.session.memory): StepResult | null {
    const block = this.program.blocks[at]!
    try {
      return block.step.resume?.(block.config, { ...this.view(at), memory }, event) ?? null
    } catch {
      return null
    }
  }

  /** Variables are as they are at first. */
  forget(names: readonly string[]): void {
    for (const name of names) {
      if (!Object.hasOwn(this.session.variables, name)) continue
      const initial = this.program.defaults[name]
      this.trace.set(name, initial)
      if (initial === undefined) delete this.session.variables[name]
      else this.session.variables[name] = initial
    }
  }

  /** What was gone over half way is not gone on with once the visitor has begun anew or wants none of it. */
  forgetPlaces(): void {
    const { session } = this
    for (const [block, { [placeCounter]: place, ...rest }] of Object.entries(session.counters))
      if (place !== undefined) session.counters[block] = rest
  }

  async judge(block: string, text: string): Promise<StepEvent> {
    try {
      const { result, threshold } = await this.deps.classify(block, text)
      this.classification = { ...result, threshold, text, block }
      this.session.entities = result.entities ?? []
      return { type: 'effect.settled', result, threshold }
    } catch (error) {
      return failed(error)
    }
  }

  async lookUp(block: string, text: string): Promise<StepEvent> {
    try {
      const { result, floor } = await this.deps.retrieve(block, { text, language: this.session.language })
      this.retrieval = { ...result, floor, text, block }
      return { type: 'passages.found', result, floor }
    } catch (error) {
      return failed(error)
    }
  }

  apply(result: StepResult): void {
    const { session } = this
    const { at } = session
    if (result.consume) session.pending = null
    for (const [name, value] of Object.entries(result.set ?? {})) {
      this.trace.set(name, value)
      if (value === null || value === undefined) delete session.variables[name]
      else session.variables[name] = value
    }
    session.due = result.wait ? (result.until ?? null) : null
    if (result.took !== undefined) session.taken = [...session.taken, result.took]
    if (result.topic !== undefined) {
      session.topic = result.topic
      // A new topic is no place to correct what was said of another one.
      session.answered = session.answered.filter(({ calls }) => calls < session.calls.length)
    }
    if (result.leave !== undefined && (result.took !== undefined || result.fit === 'any')) {
      const variables = Object.keys(result.set ?? {})
      session.asked = [...new Set([...session.asked, ...variables])].slice(-mostAnswered)
      if (variables.length > 0)
        session.answered = [
          ...session.answered.filter(({ block }) => block !== at),
          { block: at, calls: session.calls.length, variables },
        ].slice(-mostAnswered)
    }
    if (result.threshold !== undefined) {
      if (this.retrieval?.block === at) this.retrieval = { ...this.retrieval, floor: result.threshold }
      else if (this.classification) this.classification = { ...this.classification, threshold: result.threshold }
    }
    if (result.remember) session.memory = { ...session.memory, ...result.remember }
    if (result.count) session.counters[at] = { ...session.counters[at], ...result.count }
    for (const message of result.messages ?? []) this.say(message)
    this.lead = null
  }

  /** Written with the session; what becomes of it is a turn of its own. */
  call(request: CallRequest): void {
    const { session } = this
    const id = ++session.called
    session.calling = { id, block: session.at }
    this.outbox.push({ type: 'call', id, block: session.at, request })
  }

  say(templates: readonly PartTemplate[]): void {
    const { session, parameters, lead } = this
    const all: readonly PartTemplate[] = lead ? [{ type: 'text', text: lead }, ...templates] : templates
    this.lead = null
    const message = renderMessage(all, session.at, { ...session, parameters })
    if (!message) return
    this.messages.push(message)
    this.trace.said(message.text)
    for (const part of message.parts)
      if (isButtons(part))
        session.offered = [
          { block: part.block, options: part.options },
          ...session.offered.filter(({ block }) => block !== part.block),
        ].slice(0, 4)
  }

  pass(node: string, port: string | null, note?: TraceStep['note'], missed?: true): void {
    this.trace.pass(node, port, note, wordsOf(null, this.session.pending), missed)
  }

  /** ISO 8601 instant of this turn. */
  get now(): string {
    return this.deps.now
  }

  view(at: string): SessionView {
    const { session, program, deps } = this
    return {
      node: at,
      variables: session.variables,
      parameters: this.parameters,
      language: session.language,
      languages: program.languages,
      pending: session.pending,
      lastMessage: session.lastMessage,
      entities: session.entities,
      taken: session.taken,
      memory: session.memory,
      counters: session.counters[at] ?? {},
      seed: deps.seed,
      aside: false,
      connected: (port) => program.wired[at]?.has(port) ?? false,
      now: deps.now,
      timeZone: program.timeZone,
    }
  }
}

function failed(error: unknown): StepEvent {
  const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'unexpected'
  return { type: 'effect.failed', code }
}

function mannersOf({ blocks, config }: DialogProgram): Manners | null {
  const first = blocks[config.initial]
  try {
    return first?.step.manners?.(first.config) ?? null
  } catch {
    return null
  }
}

/** What the bot says for itself. */
export function notice(name: keyof typeof notices): PartTemplate {
  return { type: 'notice', text: notices[name] }
}
