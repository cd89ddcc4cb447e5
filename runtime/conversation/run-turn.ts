import {
  type Classification,
  type Effect,
  type LocalText,
  type Manners,
  type PartTemplate,
  placeCounter,
  type SessionView,
  type StepEvent,
  type StepResult,
  type UserMessage,
} from '#kit'
import { landingOf } from './landing.ts'
import { followLanguage, matchLanguage } from './language.ts'
import { notices } from './notices.ts'
import { type DialogProgram, parametersIn } from './program.ts'
import { type BotMessage, isButtons, renderMessage } from './render.ts'
import { type Command, commandIn, isUpset } from './sense/commands.ts'
import { findCorrection } from './sense/corrections.ts'
import { afterPhrase } from './sense/phrases.ts'
import { type Call, newSession, type Session } from './session.ts'
import { PathRecorder, type TraceStep, type TurnTrace, wordsOf } from './trace.ts'

export type TurnEvent =
  | { type: 'conversation.started'; language?: string }
  | {
      type: 'user.message'
      id: string
      text: string
      choice?: { block: string; value: string }
      language?: string
    }
  /** The time that `TurnResult.silence` named has passed without a word. */
  | { type: 'visitor.silent' }

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
  /** The conversation's own; lots are drawn from it. */
  seed: string
  /** Milliseconds from a monotonic clock. */
  clock?: () => number
}

/** An effect that the world can see: stored with the session first, carried out afterwards. */
export type OutboxEntry = Extract<Effect, { type: 'handoff' }> & { block: string }

export interface TurnResult {
  session: Session
  /** The visitor's words as they were understood (a click has its button's words). */
  user: UserMessage | null
  messages: BotMessage[]
  outbox: OutboxEntry[]
  /** Minutes after which `visitor.silent` is due, unless the visitor says something; null where silence changes nothing. */
  silence: number | null
  trace: TurnTrace
}

/**
 * Hops in one turn, and visits of one block in one turn: a graph may run in circles, a turn may not. Both are counted anew where a block
 * makes progress, such as with the next item of a list; all hops of a turn are held to `longTurnCap`, whatever the blocks say of themselves.
 */
export const turnCap = 60
export const loopCap = 8
export const longTurnCap = 400
/** Dialogs that may be inside of each other: one that goes through itself must end. */
export const callCap = 20
/** Questions that may come between others before each is just an answer that does not fit. */
export const asideCap = 3
/** Answers that may still be corrected. */
const mostAnswered = 30

/**
 * One turn: from the visitor's message until some block waits or the conversation ends. The session given is not
 * changed. Never throws for what a graph, a stored session or a model can do wrong.
 */
export async function runTurn(before: Session | null, event: TurnEvent, deps: TurnDeps): Promise<TurnResult> {
  return new Turn(before, event, deps).run()
}

type Block = DialogProgram['blocks'][string]
/** A block to go on at, and whether it is asked once more what it had asked before. */
interface Target {
  block: string
  again?: Call
}

/** One turn's working copy; lives no longer than the turn. */
class Turn {
  private readonly program: DialogProgram
  private readonly deps: TurnDeps
  private readonly event: TurnEvent
  private readonly session: Session
  private readonly broken: boolean
  private readonly manners: Manners | null
  private readonly messages: BotMessage[] = []
  private readonly outbox: OutboxEntry[] = []
  private readonly trace: PathRecorder
  private readonly visits = new Map<string, number>()
  private parameters: Record<string, unknown> = {}
  private classification: TurnTrace['classification'] = null
  private user: UserMessage | null = null
  /** Comes before the next message of the block that is entered. */
  private lead: LocalText | null = null
  private recovered = false
  private repeated = false

  constructor(before: Session | null, event: TurnEvent, deps: TurnDeps) {
    this.program = deps.program
    this.deps = deps
    this.event = event
    this.manners = mannersOf(this.program)
    this.trace = new PathRecorder(deps.clock ?? (() => performance.now()))
    const first = this.program.languages[0] ?? 'en'
    this.broken = event.type === 'user.message' && !(before !== null && this.knows(before.at))
    // Steps are pure and everything here is replaced, never changed in place, but for what is copied.
    this.session = before
      ? { ...before, variables: { ...before.variables }, counters: { ...before.counters }, calls: [...before.calls] }
      : newSession(this.program.config.initial, first, { ...this.program.defaults })
  }

  async run(): Promise<TurnResult> {
    const { session, event } = this
    if (event.type === 'visitor.silent') this.remind()
    else {
      session.turns++
      session.reminders = 0
      await this.listen(event)
      if (this.broken) await this.land()
      else if (event.type === 'conversation.started') await this.begin()
      else if (session.status === 'active') await this.hear(this.user!)
      else if (session.status !== 'handoff') await this.hearAnew(this.user!)
      // Nobody who says something is met with silence, but for who talks with a person.
      if (this.user && this.messages.length === 0 && session.status !== 'handoff') this.say([notice('unanswered')])
    }
    if (this.messages.length > 0 && !this.repeated) session.said = this.messages
    return {
      session,
      user: this.user,
      messages: this.messages,
      outbox: this.outbox,
      silence: this.silence(),
      trace: {
        path: this.trace.path,
        classification: this.classification,
        variables: { ...session.variables },
        effects: this.outbox,
        ms: this.trace.ms,
      },
    }
  }

  /** Takes the visitor's words in: their language, and the words of a click. */
  private async listen(event: Exclude<TurnEvent, { type: 'visitor.silent' }>): Promise<void> {
    const { session, program } = this
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
      session.entities = []
      session.taken = []
    }
    this.parameters = parametersIn(program, session.language)
  }

  /** The block that it waited at is not in this version: words go to whoever listens, where somebody does. */
  private async land(): Promise<void> {
    const { session } = this
    const landing = landingOf(session, (block) => this.knows(block))
    if (landing.how !== 'listener' || session.status !== 'active') return this.recover('restarted')
    const { at } = session
    session.calls = session.calls.filter(({ block }) => this.knows(block))
    session.answered = []
    session.listener = landing.block
    this.trace.begin(null, false)
    this.enter(landing.block)
    this.say([notice('updated')])
    this.pass(at, null, { key: 'conversation.note.moved' })
    await this.hear(this.user!)
  }

  /** Words that begin a round after the last one ended: the block that greets and waits has not seen them. */
  private async hearAnew(user: UserMessage): Promise<void> {
    const command = this.command(user)
    if (command === 'person' || command === 'upset') return this.obey(command, user)
    await this.begin()
    const { session } = this
    if (session.status !== 'active' || !session.pending) return
    // What it has just asked for nobody has answered yet: "hello" is no name.
    if (this.ask(session.at, session.pending)?.fit) session.pending = null
    else await this.walk(session.pending)
  }

  /**
   * What the waiting block takes for an answer is one. Other words may be meant for the bot itself, correct an earlier answer, or ask
   * about something else.
   */
  private async hear(user: UserMessage): Promise<void> {
    const { session } = this
    const result = this.ask(session.at, user)
    // A button that was scrolled past is no answer to what was asked since, though its words might be one.
    const elsewhere = user.choice !== undefined && user.choice.block !== session.at
    if (result?.effect?.type === 'classify') session.listener = session.at
    if (result && !isAnswered(result)) {
      const command = this.command(user)
      if (command) return this.obey(command, user)
      const corrected = this.correct(user, result)
      if (corrected) return this.walk(null, corrected)
      const aside = result.fit && (await this.aside(user, elsewhere ? 'none' : result.fit))
      if (aside) return this.walk(null, aside)
      if (elsewhere && result.fit === 'any') return this.sayAgain()
    }
    await this.walk(user)
  }

  private command(user: UserMessage): Command | null {
    const { session, manners } = this
    if (!manners) return null
    const underWay = session.status === 'active' && (session.at !== session.listener || session.calls.length > 0)
    const command = commandIn(user, manners, { underWay, upset: session.upset })
    if (isUpset(user.text, manners)) session.upset++
    return command
  }

  private async obey(command: Command, user: UserMessage): Promise<void> {
    const { session } = this
    const { at } = session
    const manners = this.manners!
    this.trace.begin(user.text, true)
    session.pending = null
    if (command !== 'person') this.say([{ type: 'text', text: manners[command]!.reply }])
    this.trace.pass(at, null, { key: `conversation.note.${command}` }, null)
    switch (command) {
      case 'person':
      case 'upset': {
        session.calls = []
        const { handOver } = this.program
        if (handOver !== null) return this.walk(null, { block: handOver })
        this.say([{ type: 'text', text: manners.handOver }])
        // Whoever takes over reads what was said first of all.
        this.outbox.push({ type: 'handoff', reason: user.text.slice(0, 200), note: '', block: at })
        session.status = 'handoff'
        session.memory = {}
        return
      }
      case 'repeat':
        return this.sayAgain()
      case 'cancel':
        this.forget(session.answered.flatMap(({ variables }) => variables))
        session.listener = session.calls[0]?.listener ?? session.listener
        session.calls = []
        this.forgetPlaces()
        if (!this.goToListener()) await this.begin()
        return
      case 'restart':
        session.variables = { ...this.program.defaults }
        session.counters = {}
        session.listener = null
        await this.begin()
    }
  }

  private sayAgain(): void {
    this.repeated = true
    this.session.pending = null
    this.messages.push(...this.session.said)
  }

  /** Gives an answer anew to the block that had asked for it, and goes on from there. Null where nothing is corrected. */
  private correct(user: UserMessage, result: StepResult): Target | null {
    const { session, manners } = this
    if (!manners?.correct) return null
    const earlier = session.answered.filter(({ calls, block }) => calls === session.calls.length && this.knows(block))
    const found = findCorrection(user, manners.correct.words, earlier, {
      ask: (block, event) => this.ask(block, event, {}),
      openAnswer: result.fit === 'any',
    })
    if (!found) return null
    const { block, result: answer } = found
    session.at = block
    session.memory = {}
    session.pending = null
    this.trace.begin(user.text, true)
    this.say([{ type: 'text', text: manners.correct.reply }])
    this.apply(answer)
    this.trace.pass(block, answer.leave!, { key: 'conversation.note.corrected' }, null)
    return this.after(block, answer.leave!)
  }

  /** Lets the block that listens to everything read words that are no answer. Null where they are about nothing else. */
  private async aside(user: UserMessage, fit: 'none' | 'any'): Promise<Target | null> {
    const { session, manners } = this
    const { at, listener } = session
    if (!manners?.digress || listener === null || listener === at || !this.knows(listener)) return null
    if (session.calls.filter(({ back }) => back === null).length >= asideCap) return null
    const rest = afterPhrase(user.text, manners.digress.words)
    if (fit === 'any' && rest === null) return null
    const heard = { ...user, text: rest ?? user.text }
    const { step, config } = this.program.blocks[listener]!
    const view = { ...this.view(listener), pending: heard, memory: {} }
    let understood: StepResult | undefined
    try {
      const asked = step.enter(config, view)
      if (asked.effect?.type !== 'classify') return null
      understood = step.resume?.(config, view, await this.judge(listener, asked.effect.text))
    } catch {
      return null
    }
    const { topic, leave } = understood ?? {}
    // The same branch once more is no side question: it is said again because no answer comes to mind.
    if (!understood || topic === undefined || leave === undefined) return null
    if (topic === session.topic || session.calls.some((call) => call.topic === topic)) return null
    this.trace.begin(user.text, true)
    this.trace.pass(at, null, { key: 'conversation.note.aside' }, user.text)
    session.calls.push({ block: at, back: null, listener, topic: session.topic, memory: session.memory })
    session.at = listener
    session.memory = {}
    this.apply(understood)
    session.pending = null
    this.trace.pass(listener, leave, understood.note, null)
    return this.after(listener, leave)
  }

  private async begin(): Promise<void> {
    const { session } = this
    session.calls = []
    session.answered = []
    session.topic = null
    this.forgetPlaces()
    // A new round asks anew: an order number of the last one would be the wrong one.
    this.forget(session.asked)
    session.asked = []
    this.enter(this.program.config.initial)
    await this.walk(null)
  }

  private forget(names: readonly string[]): void {
    for (const name of names) {
      if (!Object.hasOwn(this.session.variables, name)) continue
      this.trace.set(name, null)
      delete this.session.variables[name]
    }
  }

  /** What was gone over half way is not gone on with once the visitor has begun anew or wants none of it. */
  private forgetPlaces(): void {
    const { session } = this
    for (const [block, { [placeCounter]: place, ...rest }] of Object.entries(session.counters))
      if (place !== undefined) session.counters[block] = rest
  }

  private enter(block: string): void {
    this.session.at = block
    this.session.memory = {}
    this.session.status = 'active'
  }

  private knows(block: string): boolean {
    return Object.hasOwn(this.program.blocks, block)
  }

  /** What a block says to words; null where it breaks. Nothing is changed by it. */
  private ask(at: string, event: StepEvent, memory = this.session.memory): StepResult | null {
    const block: Block = this.program.blocks[at]!
    try {
      return block.step.resume?.(block.config, { ...this.view(at), memory }, event) ?? null
    } catch {
      return null
    }
  }

  /**
   * Walks from block to block until one waits: from the one that it is at, which `event` resumes and null enters, or from `target`
   * (`null` in it: nothing follows).
   */
  private async walk(event: StepEvent | null, target?: Target | null): Promise<void> {
    let next = event
    if (target === undefined) this.trace.begin(wordsOf(event, this.session.pending), event !== null)
    else if (!this.goTo(target)) return this.rest()
    for (let hops = 0, idle = 0; ; hops++, idle++) {
      const { at } = this.session
      const block = this.program.blocks[at]!
      const visits = (this.visits.get(at) ?? 0) + (next === null ? 1 : 0)
      this.visits.set(at, visits)
      if (hops >= longTurnCap || idle >= turnCap || visits > loopCap) return this.recover('circled')
      let result: StepResult
      try {
        const view = this.view(at)
        // A block that waits without a way to be woken would be deaf; it is left by its first door instead.
        result =
          next === null
            ? block.step.enter(block.config, view)
            : (block.step.resume?.(block.config, view, next) ?? { leave: 'out' })
      } catch {
        return this.recover('restarted')
      }
      this.apply(result)
      if (result.progress) {
        idle = 0
        this.visits.clear()
      }
      if (result.effect?.type === 'classify') {
        this.session.listener = at
        next = await this.judge(at, result.effect.text)
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
      const goesOn = [result.call, result.leave, result.jump].some((way) => way !== undefined)
      if (!goesOn) return
      if (result.call && this.session.calls.length >= callCap) return this.recover('circled')
      const following = result.jump !== undefined ? this.jump(at, result.jump) : this.following(at, result)
      if (!this.goTo(following)) return this.rest()
      next = null
    }
  }

  private following(at: string, { call, leave }: StepResult): Target | null {
    return call ? this.call(at, call) : this.after(at, leave!)
  }

  /** Enters what follows; false where nothing does. */
  private goTo(target: Target | null): boolean {
    if (target === null) return false
    const { again, block } = target
    this.enter(block)
    if (again) {
      this.session.memory = again.memory ?? {}
      this.lead = this.manners?.digress?.back ?? null
    }
    return true
  }

  /** The start of the dialog that a block calls; where that has none, what follows the block. */
  private call(block: string, { dialog, back }: { dialog: string; back: string }): Target | null {
    const start = this.program.config.meta?.starts[dialog]
    if (start === undefined) return this.after(block, back)
    const { listener, topic } = this.session
    this.session.calls.push({ block, back, listener, topic })
    return { block: start }
  }

  /** A block anywhere; dialogs that it is not in are left behind. One that is gone is like a port without a wire. */
  private jump(at: string, block: string): Target | null {
    if (!this.knows(block)) return this.after(at, 'out')
    const { session, program } = this
    const { dialog } = program.blocks[block]!
    if (dialog !== program.blocks[at]!.dialog) {
      const inside = session.calls.findLastIndex((call) => program.blocks[call.block]?.dialog === dialog)
      const left = session.calls.splice(Math.max(0, inside))
      if (left[0]) {
        session.listener = left[0].listener
        session.topic = left[0].topic
      }
    }
    return this.arrive(block)
  }

  /** The block behind a port; at the end of a way what waited for that end, or null. */
  private after(block: string, port: string): Target | null {
    let target = this.program.follow(block, port)
    while (target === null) {
      const caller = this.session.calls.pop()
      if (!caller) return null
      const again = this.comeBack(caller)
      if (again) return again
      if (!this.knows(caller.block)) continue
      this.pass(caller.block, caller.back, { key: 'conversation.note.returned' })
      target = this.program.follow(caller.block, caller.back!)
    }
    return this.arrive(target)
  }

  /** A side question that leads back to who listens to everything is answered: what it came between goes on. */
  private arrive(block: string): Target {
    const { session } = this
    const caller = session.calls.at(-1)
    if (caller?.back !== null || block !== caller.listener || session.pending) return { block }
    session.calls.pop()
    return this.comeBack(caller) ?? { block }
  }

  private comeBack(caller: Call): Target | null {
    this.session.listener = caller.listener
    this.session.topic = caller.topic
    return caller.back === null && this.knows(caller.block) ? { block: caller.block, again: caller } : null
  }

  private pass(node: string, port: string | null, note?: TraceStep['note']): void {
    this.trace.pass(node, port, note, wordsOf(null, this.session.pending))
  }

  /** A branch that ends nowhere goes back to where the visitor was last listened to; without one the conversation ends. */
  private rest(): void {
    if (!this.goToListener()) this.session.status = 'ended'
    this.session.pending = null
  }

  private goToListener(): boolean {
    const { listener } = this.session
    if (listener === null || !this.knows(listener)) return false
    this.enter(listener)
    return true
  }

  private async judge(block: string, text: string): Promise<StepEvent> {
    try {
      const { result, threshold } = await this.deps.classify(block, text)
      this.classification = { ...result, threshold, text, block }
      this.session.entities = result.entities ?? []
      return { type: 'effect.settled', result, threshold }
    } catch (error) {
      const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'unexpected'
      return { type: 'effect.failed', code }
    }
  }

  private apply(result: StepResult): void {
    const { session } = this
    const { at } = session
    if (result.consume) session.pending = null
    for (const [name, value] of Object.entries(result.set ?? {})) {
      this.trace.set(name, value)
      if (value === null || value === undefined) delete session.variables[name]
      else session.variables[name] = value
    }
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
    if (result.threshold !== undefined && this.classification)
      this.classification = { ...this.classification, threshold: result.threshold }
    if (result.remember) session.memory = { ...session.memory, ...result.remember }
    if (result.count) session.counters[at] = { ...session.counters[at], ...result.count }
    for (const message of result.messages ?? []) this.say(message)
    this.lead = null
  }

  private say(templates: readonly PartTemplate[]): void {
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

  /** Nothing was said for a while: first a reminder, then the end. */
  private remind(): void {
    const { session, manners } = this
    this.parameters = parametersIn(this.program, session.language)
    if (this.silence() === null || !manners) return
    const { remind, close } = manners.silence
    const first = session.reminders === 0 && remind !== null
    session.reminders++
    this.trace.begin(null, true)
    // What is said again on request is the question, not the reminder of it.
    this.repeated = true
    this.say([{ type: 'text', text: (first ? remind : close!).say }])
    this.pass(session.at, null, { key: `conversation.note.${first ? 'reminded' : 'closed'}` })
    if (first) return
    session.status = 'ended'
    session.memory = {}
  }

  /** Only who was asked for something is reminded of it: who got an answer may well be silent. */
  private silence(): number | null {
    const { session, manners } = this
    if (!manners || session.status !== 'active' || session.at === session.listener || !this.knows(session.at))
      return null
    const { remind, close } = manners.silence
    return (session.reminders === 0 ? (remind ?? close) : close)?.minutes ?? null
  }

  private view(at: string): SessionView {
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
      connected: (port) => program.wired[at]?.has(port) ?? false,
      now: deps.now,
      timeZone: program.timeZone,
    }
  }
}

/** The block took the words for what it had asked for. */
function isAnswered({ took, fit, leave, consume, effect }: StepResult): boolean {
  return took !== undefined || (fit === undefined && leave !== undefined && consume === true && !effect)
}

function mannersOf({ blocks, config }: DialogProgram): Manners | null {
  const first = blocks[config.initial]
  try {
    return first?.step.manners?.(first.config) ?? null
  } catch {
    return null
  }
}

function notice(name: keyof typeof notices): PartTemplate {
  return { type: 'notice', text: notices[name] }
}
