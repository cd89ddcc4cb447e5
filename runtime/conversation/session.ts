import type { CallFailed, CallSettled, FoundEntity, TimePassed, UserMessage } from '#kit'
import type { BotMessage } from './render.ts'
import type { TraceStep } from './trace.ts'

/** The format that this build writes. */
export const sessionFormat = 4

/** What goes on where the way that is gone ends: a dialog that a block called, or a question that another one came between. */
export interface Call {
  /** The block that called, or the one that waits for its answer. */
  block: string
  /** The port that it is left by then; null where it asks again. */
  back: string | null
  /** Its own `listener` and `topic`, which are looked at again from then on. */
  listener: string | null
  topic: string | null
  /** What the block that asks again remembers. */
  memory?: Record<string, unknown>
}

/**
 * All that a conversation remembers between turns, as plain data: it is stored as a row and read by later releases.
 * `at` is the machine's state, a block's id.
 */
export interface Session {
  sessionFormat: typeof sessionFormat
  at: string
  /** `active`: the block at `at` waits for the visitor; `ended`: the next message begins anew; `handoff`: a person has it. */
  status: 'new' | 'active' | 'ended' | 'handoff'
  language: string
  variables: Record<string, unknown>
  /** What the block at `at` remembers since it was entered. */
  memory: Record<string, unknown>
  /** What blocks count over the whole conversation, by block. */
  counters: Record<string, Record<string, number>>
  pending: UserMessage | null
  lastMessage: UserMessage | null
  /** The block that last waited for a free message, where a branch that ends nowhere returns to. */
  listener: string | null
  /** What `listener` understood last: the branch that is gone. */
  topic: string | null
  /** The innermost last. */
  calls: Call[]
  /** Blocks that got an answer on the way to here, with how many calls there were then and what they set, the latest last: it may be corrected. */
  answered: { block: string; calls: number; variables: string[] }[]
  /** Variables that answers set in this round: the next one asks for them anew. */
  asked: string[]
  /** Of the last message: what a model found in it, and the parts that answers were taken from. */
  entities: FoundEntity[]
  taken: string[]
  /** What the bot said last, for who did not catch it. */
  said: BotMessage[]
  /** Messages so far that were angry. */
  upset: number
  /** Reminders since the visitor's last message. */
  reminders: number
  /** Buttons shown lately, so that a click on one that was scrolled past still has words. */
  offered: { block: string; options: { value: string; text: string }[] }[]
  turns: number
  /** The request to another server that the block at `at` waits for; what comes of another one is no news any more. */
  calling: { id: number; block: string } | null
  /** Requests so far. */
  called: number
  /** What the visitor said meanwhile, the latest last. */
  held: UserMessage[]
  /** The instant (ISO 8601) that the block at `at` waits for. */
  due: string | null
  /** Turns since the visitor's last word. */
  unasked: number
  /** What such turns began with, since the last one that said something. */
  began: TurnCause[]
  /** The way of such turns that said nothing, so that it is told with the next one that does. */
  untold: TraceStep[]
}

/** What a turn begins with that no word of the visitor begins. */
export type TurnCause = { block: string } & ((CallSettled & Took) | (CallFailed & Took) | TimePassed)
interface Took {
  /** Milliseconds, all attempts together. */
  ms: number
  attempts: number
}

export function newSession(at: string, language: string, variables: Record<string, unknown>): Session {
  return {
    sessionFormat,
    at,
    status: 'new',
    language,
    variables,
    memory: {},
    counters: {},
    pending: null,
    lastMessage: null,
    listener: null,
    topic: null,
    calls: [],
    answered: [],
    asked: [],
    entities: [],
    taken: [],
    said: [],
    upset: 0,
    reminders: 0,
    offered: [],
    turns: 0,
    calling: null,
    called: 0,
    held: [],
    due: null,
    unasked: 0,
    began: [],
    untold: [],
  }
}

type Upcaster = (session: Record<string, unknown>) => Record<string, unknown>
/** Lifts a stored session by one format; the key is the format that it starts from. Entries are never removed. */
const upcasters: Record<number, Upcaster> = {
  1: (session) => ({ ...session, calls: [] }),
  2: (session) => ({
    ...session,
    topic: null,
    calls: (session.calls as object[]).map((call) => ({ ...call, topic: null })),
    answered: [],
    asked: [],
    entities: [],
    taken: [],
    said: [],
    upset: 0,
    reminders: 0,
  }),
  3: (session) => ({ ...session, calling: null, called: 0, held: [], due: null, unasked: 0, began: [], untold: [] }),
}

/**
 * A stored session in the current format, or null where it cannot be read (made by a newer release, or damaged): the
 * turn then recovers instead of failing.
 */
export function parseSession(stored: unknown, table: Record<number, Upcaster> = upcasters): Session | null {
  if (stored === null || typeof stored !== 'object' || !('sessionFormat' in stored)) return null
  let session = stored as Record<string, unknown>
  for (let format = Number(session.sessionFormat); format !== sessionFormat; format++) {
    const lift = table[format]
    if (!lift) return null
    session = { ...lift(session), sessionFormat: format + 1 }
  }
  const whole =
    typeof session.at === 'string' &&
    typeof session.language === 'string' &&
    ['variables', 'memory', 'counters'].every((key) => typeof session[key] === 'object' && session[key] !== null)
  // Checked above as far as a turn relies on it.
  return whole ? (session as unknown as Session) : null
}
