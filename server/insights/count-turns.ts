import { closedNote, ownNotes, type TraceStep } from '#runtime/conversation/trace.ts'
import type { Trace } from '#server/api/dto.ts'
import type { ActKind } from '#server/conversations/conversation-rows.ts'

/**
 * One turn of a visitor's conversation as it was stored: the first message of it, or the opening of a conversation that began without a
 * word. A person's act has no trace.
 */
export interface StoredTurn {
  /** `outside`: another server answered, or a wait was over. */
  kind: 'start' | 'visitor' | 'outside' | 'silence' | 'person'
  act: ActKind | null
  /** ISO 8601. */
  at: string
  language: string
  trace: Trace | null
}

/** What happened in a conversation on one day, in one version and one language; see `conversation_days`. */
export interface Slice {
  day: string
  version: number
  language: string
  said: number
  person: boolean
  over: boolean
  verdicts: number
  noMatch: number
  apiCalls: number
  lastAt: string
  ms: number[]
  passes: Record<string, Record<string, number>>
}

/** Where a conversation stands after the turns that were counted. */
export interface Standing {
  /** The block of the last stop, and the port by which it was come to; null where no port led there. */
  at: string | null
  via: { node: string; port: string } | null
  /** The last stop heard words and still waits: it asks again. */
  heard: boolean
  /** A silence has ended it. */
  closed: boolean
  /** A person has it, or is waited for. */
  person: boolean
  /** Messages of the visitor. */
  said: number
  /** The slice of the last turn. */
  slice: Pick<Slice, 'day' | 'version' | 'language' | 'lastAt'> | null
}

export interface ChatCount {
  standing: Standing
  slices: Slice[]
}

export const uncounted = (): ChatCount => ({
  standing: {
    at: null,
    via: null,
    heard: false,
    closed: false,
    person: false,
    said: 0,
    slice: null,
  },
  slices: [],
})

/** The key under which the times that a block was entered stand beside its ports. */
export const entered = ''

/**
 * Counts further turns of a conversation, in their order; what is given is not changed. Counting them at once or one by one comes to the
 * same. `first` is the version of turns that name none; `zoneOf` gives the IANA time zone of a version, in which its days are counted.
 */
export function countTurns(
  before: ChatCount,
  turns: readonly StoredTurn[],
  { first, zoneOf }: { first: number; zoneOf: (version: number) => string },
): ChatCount {
  const { standing, slices } = structuredClone(before)
  for (const turn of turns) {
    const { trace } = turn
    // Nobody did anything: a reminder, or the end, is no sign of life.
    if (turn.kind === 'silence') {
      standing.closed = trace?.path.some(({ note }) => note?.key === closedNote) ?? false
      continue
    }
    standing.closed = false
    const version = trace?.version ?? standing.slice?.version ?? first
    const slice = sliceOf(slices, dayIn(zoneOf(version), turn.at), version, turn.language)
    for (const other of slices) other.over = other !== slice
    slice.lastAt = turn.at
    standing.slice = { day: slice.day, version, language: slice.language, lastAt: turn.at }
    if (turn.kind === 'person') countAct(standing, slice, turn.act)
    else if (trace) countTrace(standing, slice, trace, turn.kind === 'visitor')
  }
  return { standing, slices }
}

/** What a conversation waits for, by its row: the block that asked for something, and the port by which it was come to. */
export function stopOf(
  { at, via, heard, closed, said }: Standing,
  { status, block, listener }: { status: string; block: string; listener: string | null },
): { block: string; via: Standing['via'] } | null {
  if (said === 0 || !(status === 'open' || (status === 'ended' && closed))) return null
  const isThere = at === block
  // Who listens to whatever comes has asked for nothing, unless it did not understand and asked again.
  if (block === listener && !(isThere && heard)) return null
  return { block, via: isThere ? via : null }
}

function countAct(standing: Standing, slice: Slice, act: ActKind | null): void {
  if (act === 'take' || act === 'reply') standing.person = true
  if (standing.person) slice.person = true
  if (act === 'give-back' || act === 'close') standing.person = false
  standing.heard = false
}

function countTrace(standing: Standing, slice: Slice, trace: Trace, isVisitor: boolean): void {
  const { path, classification, effects, began = [], ms } = trace
  if (isVisitor) {
    slice.said++
    standing.said++
    if (!standing.person) slice.ms.push(ms)
  }
  // Words that had waited for another server are judged in a turn without a word.
  if (classification) {
    slice.verdicts++
    if (path.some(({ missed }) => missed)) slice.noMatch++
  }
  slice.apiCalls += began.filter(({ type }) => type !== 'time.passed').length
  if (effects.some(({ type }) => type === 'handoff')) standing.person = true
  if (standing.person) slice.person = true
  let last: TraceStep | null = null
  for (const step of path) {
    countStop(slice, step)
    if (!(step.woken && step.node === (last?.node ?? standing.at)))
      standing.via = last !== null && last.port !== null ? { node: last.node, port: last.port } : null
    standing.at = step.node
    standing.heard = step.heard !== null && step.port === null
    last = step
  }
}

function countStop({ passes }: Slice, { node, port, woken, note }: TraceStep): void {
  // Ids are anybody's words: one that every object knows is a block like the others.
  const block = (Object.hasOwn(passes, node) && passes[node]) || { [entered]: 0 }
  passes[node] = block
  if (!woken && !note?.key.startsWith(ownNotes)) addOne(block, entered)
  if (port !== null) addOne(block, port)
}

function addOne(counts: Record<string, number>, key: string): void {
  counts[key] = ((Object.hasOwn(counts, key) && counts[key]) || 0) + 1
}

function sliceOf(slices: Slice[], day: string, version: number, language: string): Slice {
  const known = slices.find((one) => one.day === day && one.version === version && one.language === language)
  if (known) return known
  const slice: Slice = {
    day,
    version,
    language,
    said: 0,
    person: false,
    over: false,
    verdicts: 0,
    noMatch: 0,
    apiCalls: 0,
    lastAt: '',
    ms: [],
    passes: {},
  }
  slices.push(slice)
  return slice
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day of an instant in a time zone, as `2026-11-28`; in UTC where the zone is unknown. */
export function dayIn(zone: string, at: string | Date): string {
  let format = formats.get(zone)
  if (!format) {
    format = formatOf(zone)
    formats.set(zone, format)
  }
  return format.format(new Date(at))
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  // The Swedish way to write a date is ISO 8601's.
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, ...parts })
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', ...parts })
  }
}
