import type { Classification, Effect, PartTemplate, SessionView, StepEvent, StepResult, UserMessage } from '#kit'
import { followLanguage, matchLanguage } from './language.ts'
import { notices } from './notices.ts'
import { type DialogProgram, parametersIn } from './program.ts'
import { type BotMessage, isButtons, renderMessage } from './render.ts'
import { newSession, type Session } from './session.ts'

export type TurnEvent =
  | { type: 'conversation.started'; language?: string }
  | {
      type: 'user.message'
      id: string
      text: string
      choice?: { block: string; value: string }
      language?: string
    }

/** What a model said of a text, with the threshold that it was calibrated to. */
export interface Classified {
  result: Classification
  threshold: number
}

export interface TurnDeps {
  program: DialogProgram
  /** The model wired to an intent block. A rejection leads to the block's own answer for it, never out of the turn. */
  classify: (block: string, text: string) => Promise<Classified>
  /** ISO 8601 instant of this turn. */
  now: string
  /** Milliseconds from a monotonic clock. */
  clock?: () => number
}

/** One stop on the way of a turn: a block from when it was entered, or woken by words, until it was left or waited. */
export interface TraceStep {
  node: string
  /** The output that it was left by; null where it waited or ended. */
  port: string | null
  /** The visitor's words that it was woken by, or that lay there unread when it was entered. */
  heard: string | null
  /** It waited for the visitor and was woken; else it was entered. */
  woken: boolean
  /** What it sent. */
  said: string[]
  /** Variables that it set; null for one that it forgot. */
  set: Record<string, unknown>
  note?: { key: string; params?: Record<string, string | number> }
  /** Milliseconds, the model included. */
  ms: number
}

export interface TurnTrace {
  path: TraceStep[]
  /** With the words that were judged, and the block that had them judged. */
  classification: (Classification & { threshold: number; text: string; block: string }) | null
  /** Their values after the turn. */
  variables: Record<string, unknown>
  /** What the world was to see of the turn beside its messages. */
  effects: OutboxEntry[]
  /** Of the whole turn, the model included. */
  ms: number
}

/** An effect that the world can see: stored with the session first, carried out afterwards. */
export type OutboxEntry = Extract<Effect, { type: 'handoff' }> & { block: string }

export interface TurnResult {
  session: Session
  /** The visitor's words as they were understood (a click has its button's words). */
  user: UserMessage | null
  messages: BotMessage[]
  outbox: OutboxEntry[]
  trace: TurnTrace
}

/** Hops in one turn, and visits of one block in one turn: a graph may run in circles, a turn may not. */
export const turnCap = 60
export const loopCap = 8
/** Dialogs that may be inside of each other: one that goes through itself must end. */
export const callCap = 20

/**
 * One turn: from the visitor's message until some block waits or the conversation ends. The session given is not
 * changed. Never throws for what a graph, a stored session or a model can do wrong.
 */
export async function runTurn(before: Session | null, event: TurnEvent, deps: TurnDeps): Promise<TurnResult> {
  return new Turn(before, event, deps).run()
}

/** The stop that a turn is at, as far as it is known; `since` is the clock's. */
type Stop = Pick<TraceStep, 'heard' | 'woken' | 'said' | 'set'> & { since: number }

/** One turn's working copy; lives no longer than the turn. */
class Turn {
  private readonly program: DialogProgram
  private readonly deps: TurnDeps
  private readonly event: TurnEvent
  private readonly clock: () => number
  private readonly started: number
  private readonly session: Session
  private readonly broken: boolean
  private readonly messages: BotMessage[] = []
  private readonly outbox: OutboxEntry[] = []
  private readonly path: TraceStep[] = []
  private stop: Stop
  private readonly visits = new Map<string, number>()
  private parameters: Record<string, unknown> = {}
  private classification: TurnTrace['classification'] = null
  private user: UserMessage | null = null
  private endedNowhere = false
  private recovered = false

  constructor(before: Session | null, event: TurnEvent, deps: TurnDeps) {
    this.program = deps.program
    this.deps = deps
    this.event = event
    this.clock = deps.clock ?? (() => performance.now())
    this.started = this.clock()
    const first = this.program.languages[0] ?? 'en'
    const known = before !== null && Object.hasOwn(this.program.blocks, before.at)
    this.broken = event.type === 'user.message' && !known
    this.session = before
      ? { ...before, variables: { ...before.variables }, counters: { ...before.counters }, calls: [...before.calls] }
      : newSession(this.program.config.initial, first, { ...this.program.defaults })
    this.stop = this.newStop(null, false)
  }

  async run(): Promise<TurnResult> {
    const { session } = this
    session.turns++
    await this.listen()
    if (this.broken) await this.recover('restarted')
    else if (this.event.type === 'conversation.started') await this.begin()
    else if (session.status === 'active') await this.walk(this.program.blocks[session.at]!, this.user)
    else if (session.status !== 'handoff') {
      await this.begin()
      // The block that greets and waits has not seen the words that began this round.
      if (this.session.status === 'active' && this.session.pending) await this.walk(this.block(), this.session.pending)
    }
    if (this.endedNowhere && this.user && this.messages.length === 0) this.say([notice('unanswered')])
    return {
      session,
      user: this.user,
      messages: this.messages,
      outbox: this.outbox,
      trace: {
        path: this.path,
        classification: this.classification,
        variables: { ...session.variables },
        effects: this.outbox,
        ms: this.since(this.started),
      },
    }
  }

  /** Takes the visitor's words in: their language, and the words of a click. */
  private async listen(): Promise<void> {
    const { session, event, program } = this
    if (event.type === 'conversation.started')
      session.language = matchLanguage(event.language, program.languages) ?? session.language
    else {
      const { choice } = event
      const offered = choice && session.offered.find(({ block }) => block === choice.block)
      const label = offered?.options.find(({ value }) => value === choice?.value)?.text
      const text = event.text.trim() || label || ''
      // A click has the words of a button in the language that it was shown in; it says nothing of the visitor's.
      session.language = await followLanguage(choice ? '' : text, event.language, session.language, program.languages)
      this.user = {
        type: 'user.message',
        id: event.id,
        text,
        language: session.language,
        ...(choice ? { choice } : {}),
      }
      session.pending = this.user
      session.lastMessage = this.user
    }
    this.parameters = parametersIn(program, session.language)
  }

  private async begin(): Promise<void> {
    this.session.calls = []
    this.enter(this.program.config.initial)
    await this.walk(this.block(), null)
  }

  private enter(block: string): void {
    this.session.at = block
    this.session.memory = {}
    this.session.status = 'active'
  }

  private block(): DialogProgram['blocks'][string] {
    return this.program.blocks[this.session.at]!
  }

  /** Walks from block to block; `event` resumes the first one, null enters it. */
  private async walk(first: DialogProgram['blocks'][string], event: StepEvent | null): Promise<void> {
    let block = first
    let next = event
    this.stop = this.newStop(event, event !== null)
    for (let hops = 0; ; hops++) {
      const { at } = this.session
      const visits = (this.visits.get(at) ?? 0) + (next === null ? 1 : 0)
      this.visits.set(at, visits)
      if (hops >= turnCap || visits > loopCap) return this.recover('circled')
      let result: StepResult
      try {
        const view = this.view()
        // A block that waits without a way to be woken would be deaf; it is left by its first door instead.
        result =
          next === null
            ? block.step.enter(block.config, view)
            : (block.step.resume?.(block.config, view, next) ?? { leave: 'out' })
      } catch {
        return this.recover('restarted')
      }
      this.apply(result)
      if (result.effect?.type === 'classify') {
        next = await this.classify(at, result.effect.text)
        continue
      }
      // A block that asks the model is still the same stop on the way.
      this.pass(at, result.leave ?? null, result.note)
      if (result.effect?.type === 'handoff') this.outbox.push({ ...result.effect, block: at })
      if (result.end) {
        this.session.status = result.end === 'handoff' ? 'handoff' : 'ended'
        this.session.memory = {}
        return
      }
      if (result.call === undefined && result.leave === undefined) return
      if (result.call && this.session.calls.length >= callCap) return this.recover('circled')
      const target = result.call ? this.call(at, result.call) : this.after(at, result.leave!)
      if (target === null) return this.rest()
      this.enter(target)
      block = this.block()
      next = null
    }
  }

  /** The start of the dialog that a block calls; where that has none, what follows the block. */
  private call(block: string, { dialog, back }: { dialog: string; back: string }): string | null {
    const start = this.program.config.meta?.starts[dialog]
    if (start === undefined) return this.after(block, back)
    this.session.calls.push({ block, back, listener: this.session.listener })
    return start
  }

  /** The block behind a port; at the end of a branch of a called dialog what follows the block that called it, or null. */
  private after(block: string, port: string): string | null {
    let target = this.program.follow(block, port)
    while (target === null) {
      const caller = this.session.calls.pop()
      if (!caller) return null
      this.session.listener = caller.listener
      this.pass(caller.block, caller.back, { key: 'sub-dialog.note.returned' })
      target = this.program.follow(caller.block, caller.back)
    }
    return target
  }

  private newStop(event: StepEvent | null, woken: boolean): Stop {
    const heard = event?.type === 'user.message' ? event.text : (this.session.pending?.text ?? null)
    return { heard, woken, said: [], set: {}, since: this.clock() }
  }

  /** Writes down the stop that ends here and begins the next one. */
  private pass(node: string, port: string | null, note?: TraceStep['note']): void {
    const { since, ...stop } = this.stop
    this.path.push({ node, port, ...stop, ...(note ? { note } : {}), ms: this.since(since) })
    this.stop = this.newStop(null, false)
  }

  private since(from: number): number {
    return Math.round((this.clock() - from) * 100) / 100
  }

  /** A branch that ends nowhere goes back to where the visitor was last listened to; without one the conversation ends. */
  private rest(): void {
    this.endedNowhere = true
    const { listener } = this.session
    if (listener !== null && Object.hasOwn(this.program.blocks, listener)) this.enter(listener)
    else this.session.status = 'ended'
    this.session.pending = null
  }

  private async classify(block: string, text: string): Promise<StepEvent> {
    this.session.listener = block
    try {
      const { result, threshold } = await this.deps.classify(block, text)
      this.classification = { ...result, threshold, text, block }
      return { type: 'effect.settled', result, threshold }
    } catch (error) {
      const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'unexpected'
      return { type: 'effect.failed', code }
    }
  }

  private apply(result: StepResult): void {
    const { session } = this
    if (result.consume) session.pending = null
    for (const [name, value] of Object.entries(result.set ?? {})) {
      this.stop.set[name] = value ?? null
      if (value === null || value === undefined) delete session.variables[name]
      else session.variables[name] = value
    }
    if (result.threshold !== undefined && this.classification)
      this.classification = { ...this.classification, threshold: result.threshold }
    if (result.remember) session.memory = { ...session.memory, ...result.remember }
    if (result.count) session.counters[session.at] = { ...session.counters[session.at], ...result.count }
    for (const message of result.messages ?? []) this.say(message)
  }

  private say(templates: readonly PartTemplate[]): void {
    const { session, parameters } = this
    const message = renderMessage(templates, session.at, { ...session, parameters })
    if (!message) return
    this.messages.push(message)
    this.stop.said.push(message.text)
    for (const part of message.parts)
      if (isButtons(part))
        session.offered = [
          { block: part.block, options: part.options },
          ...session.offered.filter(({ block }) => block !== part.block),
        ].slice(0, 4)
  }

  /** Says that something went wrong and begins anew; a second fault in one turn ends the conversation quietly. */
  private async recover(reason: 'restarted' | 'circled'): Promise<void> {
    const { session } = this
    if (this.recovered) {
      session.status = 'ended'
      session.pending = null
      return
    }
    this.recovered = true
    const { at } = session
    session.pending = null
    session.at = this.program.config.initial
    this.say([notice(reason)])
    this.pass(at, null, { key: `conversation.note.${reason}` })
    if (reason === 'circled') {
      session.status = 'ended'
      session.memory = {}
    } else await this.begin()
  }

  private view(): SessionView {
    const { session, program, deps } = this
    return {
      node: session.at,
      variables: session.variables,
      parameters: this.parameters,
      language: session.language,
      languages: program.languages,
      pending: session.pending,
      lastMessage: session.lastMessage,
      memory: session.memory,
      counters: session.counters[session.at] ?? {},
      connected: (port) => program.wired[session.at]?.has(port) ?? false,
      now: deps.now,
      timeZone: program.timeZone,
    }
  }
}

function notice(name: keyof typeof notices): PartTemplate {
  return { type: 'notice', text: notices[name] }
}
