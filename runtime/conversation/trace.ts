import type { Classification, FoundPassages, StepEvent } from '#kit'
import type { TurnCause } from './session.ts'
import type { OutboxEntry } from './turn.ts'

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
  /** The words were not understood here. */
  missed?: true
  /** Milliseconds, the model included. */
  ms: number
}

export type TracedEffect =
  | Exclude<OutboxEntry, { type: 'call' }>
  | { type: 'call'; block: string; method: string; host: string }

export interface TurnTrace {
  path: TraceStep[]
  /** With the words that were judged, and the block that had them judged. */
  classification: (Classification & { threshold: number; text: string; block: string }) | null
  /** With the words that were looked up, the block that had them looked up, and the floor that the best passage was held against. */
  retrieval: (FoundPassages & { floor: number; text: string; block: string }) | null
  /** Their values after the turn. */
  variables: Record<string, unknown>
  /** What the world was to see of the turn beside its messages; a request without what may be personal in it. */
  effects: TracedEffect[]
  /** What came from outside since the bot last said something; absent where nothing did. */
  began?: TurnCause[]
  /** Of the whole turn, the model included. */
  ms: number
}

/** Notes of stops at which the conversation itself did something: no block was entered there. */
export const ownNotes = 'conversation.note.'
/** Of the turn in which a silence ended the conversation. */
export const closedNote = `${ownNotes}closed`

/** Writes down the stops of one turn. `clock` gives milliseconds. */
export class PathRecorder {
  readonly path: TraceStep[] = []
  private stop: Pick<TraceStep, 'heard' | 'woken' | 'said' | 'set'> & { since: number }
  private readonly clock: () => number
  private readonly started: number

  constructor(clock: () => number) {
    this.clock = clock
    this.started = clock()
    this.stop = this.newStop(null, false)
  }

  /** Begins a stop; `heard` are the words that woke it or lie there. */
  begin(heard: string | null, woken: boolean): void {
    this.stop = this.newStop(heard, woken)
  }

  said(text: string): void {
    this.stop.said.push(text)
  }

  set(name: string, value: unknown): void {
    this.stop.set[name] = value ?? null
  }

  /** Writes down the stop that ends here and begins the next one, where `unread` lies. */
  pass(node: string, port: string | null, note: TraceStep['note'], unread: string | null, missed?: true): void {
    const { since, ...stop } = this.stop
    const told = { ...(note && { note }), ...(missed && { missed }) }
    this.path.push({ node, port, ...stop, ...told, ms: this.since(since) })
    this.begin(unread, false)
  }

  /** Since the turn began. */
  get ms(): number {
    return this.since(this.started)
  }

  private newStop(heard: string | null, woken: boolean) {
    return { heard, woken, said: [], set: {}, since: this.clock() }
  }

  private since(from: number): number {
    return Math.round((this.clock() - from) * 100) / 100
  }
}

/** The words of an event, or those that lie unread. */
export function wordsOf(event: StepEvent | null, unread: { text: string } | null): string | null {
  return event?.type === 'user.message' ? event.text : (unread?.text ?? null)
}
