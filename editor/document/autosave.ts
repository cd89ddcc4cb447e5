import type { Clash, GraphDiff } from '#runtime/graph/diff.ts'
import { applyDiff, findClashes, mergeDiffs } from '#runtime/graph/diff-apply.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { draftHash } from '#runtime/graph/hash.ts'
import type { DraftView, PushAnswer, PushDiffs, StudioEvent } from '#server/api/dto.ts'
import { newId } from './ids.ts'
import type { LeftBehind, Shelf, UnsentDiff } from './shelf.ts'

/** What the draft needs of the server. A rejection with `status` 400..499 (but 408, 425 and 429) is final, any other is retried. */
export interface DraftDoor {
  load(bot: string): Promise<DraftView>
  push(bot: string, push: PushDiffs): Promise<PushAnswer>
}

export type SaveState =
  /** The server has acknowledged the hash of exactly this document. */
  | { kind: 'saved'; at: string }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  /** Not reached; kept on this device and tried again. `onDevice` is false when the device had no room. */
  | { kind: 'offline'; onDevice: boolean }
  /** The server will not take it; nothing is lost, `error` says why. */
  | { kind: 'refused'; error: unknown }

export interface AutosaveEvents {
  /** The document as the person must see it now: the server's, with what is still on its way on top. */
  rebased(document: GraphDocument): void
  /** What the server knows of the document that it has now. */
  answered(answer: Pick<PushAnswer, 'facts' | 'problems' | 'states'>, document: GraphDocument): void
  clashed(clashes: Clash[]): void
  saveStateChanged(state: SaveState): void
}

interface Pending extends UnsentDiff {
  merge?: string
}

const debounce = 400
const firstRetry = 1000
const longestRetry = 30_000

export type Autosave = ReturnType<typeof createAutosave>

/**
 * Carries diffs to the server in order and keeps what it knows of the server's document. Never sends a whole graph,
 * never forgets a diff before it is acknowledged, and says *saved* for an acknowledged hash only.
 */
export function createAutosave(deps: {
  bot: string
  draft: DraftView
  /** Diffs of earlier tabs, already part of the document that is shown. */
  leftBehind: readonly LeftBehind[]
  door: DraftDoor
  shelf: Shelf
  events: AutosaveEvents
}) {
  const { bot, door, shelf, events } = deps
  let server = deps.draft.document
  let revision = deps.draft.revision
  let acknowledged = deps.draft.draftHash
  let savedAt = deps.draft.savedAt
  let pending: Pending[] = deps.leftBehind.flatMap(({ diffs }) => diffs)
  let adoptedKeys = deps.leftBehind.map(({ key }) => key)
  /**
   * The revision that what waits was made on. Others' changes that arrive meanwhile do not move it, so that the server
   * still sees what clashes with them.
   */
  let base = Math.min(revision, ...deps.leftBehind.map((left) => left.base))
  let inFlight = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let retryAfter = firstRetry
  let closed = false
  let attempt: Promise<void> | null = null
  let lastError: unknown = null
  let onDevice = true
  /** What is known of the server's document no longer fits its hash. */
  let mustReload = false
  /** Changes of others that arrived while an answer was awaited: the answer says where they belong. */
  let waiting: Extract<StudioEvent, { type: 'draft.changed' }>[] = []

  const local = (): GraphDocument => pending.reduce((document, { diff }) => applyDiff(document, diff), server)

  function shelve() {
    onDevice = shelf.put(
      bot,
      base,
      pending.map(({ diff, large }) => ({ diff, large })),
    )
    if (onDevice && adoptedKeys.length > 0) {
      shelf.forget(adoptedKeys)
      adoptedKeys = []
    }
  }

  function schedule(after: number) {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void push(), after)
  }

  function tellSaved() {
    if (pending.length > 0) events.saveStateChanged({ kind: 'unsaved' })
    else if (draftHash(server) === acknowledged) events.saveStateChanged({ kind: 'saved', at: savedAt })
  }

  /** One attempt after the other: whoever asks while one is on its way waits for that one. */
  function push(): Promise<void> {
    attempt ??= tryPush().finally(() => {
      attempt = null
    })
    return attempt
  }

  async function tryPush(): Promise<void> {
    clearTimeout(timer)
    lastError = null
    if (pending.length === 0 && !mustReload) return
    const sent = [...pending]
    try {
      if (mustReload) {
        await reload()
        events.rebased(local())
        if (pending.length === 0) {
          tellSaved()
          return
        }
      }
      inFlight = sent.length
      events.saveStateChanged({ kind: 'saving' })
      const answer = await door.push(bot, {
        base,
        diffs: sent.map(({ diff }) => diff),
        ...(sent.some(({ large }) => large) ? { allowLargeRemoval: true } : {}),
      })
      retryAfter = firstRetry
      await settle(answer, sent)
    } catch (error) {
      inFlight = 0
      lastError = error
      if (isFinal(error)) {
        events.saveStateChanged({ kind: 'refused', error })
        return
      }
      events.saveStateChanged({ kind: 'offline', onDevice })
      schedule(retryAfter)
      retryAfter = Math.min(retryAfter * 2, longestRetry)
    }
  }

  async function settle(answer: PushAnswer, sent: readonly Pending[]) {
    server = [...answer.others, ...sent.map(({ diff }) => diff)].reduce(applyDiff, server)
    revision = answer.revision
    acknowledged = answer.draftHash
    savedAt = answer.savedAt
    pending = pending.slice(sent.length)
    base = revision
    inFlight = 0
    shelve()
    // What was typed while the answer was awaited has not met these yet.
    const late = pending.map(({ diff }) => diff)
    const met = late.flatMap((diff, place) => findClashes(diff, answer.others, late.slice(0, place)))
    const clashes = [...answer.clashes, ...met]
    let moved = answer.others.length > 0
    if (draftHash(server) !== acknowledged) {
      // Somebody's change came between in an order that we cannot know; the server's word counts, ours goes on top.
      mustReload = true
      await reload()
      moved = true
    }
    const held = waiting
    waiting = []
    for (const event of held) if (event.revision > revision) moved = (await take(event)) || moved
    if (moved) events.rebased(local())
    if (clashes.length > 0) events.clashed(clashes)
    events.answered(answer, server)
    tellSaved()
    if (pending.length > 0) schedule(debounce)
  }

  async function reload() {
    const draft = await door.load(bot)
    server = draft.document
    revision = draft.revision
    acknowledged = draft.draftHash
    savedAt = draft.savedAt
    mustReload = false
  }

  /** Others' diffs, as long as they follow what is known; otherwise the draft is read anew. True when it changed. */
  async function take(event: Extract<StudioEvent, { type: 'draft.changed' }>): Promise<boolean> {
    if (event.revision <= revision) return false
    if (event.revision === revision + event.diffs.length) {
      server = event.diffs.reduce(applyDiff, server)
      revision = event.revision
      acknowledged = draftHash(server)
    } else await reload()
    return true
  }

  shelve()
  tellSaved()
  if (pending.length > 0) schedule(0)

  return {
    enqueue(diff: GraphDiff, options: { merge?: string; large?: boolean } = {}) {
      if (pending.length === 0) base = revision
      const last = pending.length > inFlight ? pending.at(-1) : undefined
      if (last && options.merge !== undefined && last.merge === options.merge) {
        // A new id: another tab may have taken the earlier one from the shelf and sent it.
        last.diff = { ...mergeDiffs(last.diff, diff), id: newId('dif') }
      } else pending.push({ diff, merge: options.merge, large: options.large ?? false })
      shelve()
      if (inFlight === 0) events.saveStateChanged(onDevice ? { kind: 'unsaved' } : { kind: 'offline', onDevice })
      retryAfter = firstRetry
      schedule(debounce)
    },
    /** Sends what waits now, before a run or a publish. Rejects with the reason where something could not be sent. */
    async flush(): Promise<void> {
      while (pending.length > 0) {
        await push()
        if (lastError !== null) throw lastError
      }
    },
    retry() {
      retryAfter = firstRetry
      void push()
    },
    async receive(event: StudioEvent): Promise<void> {
      if (event.type !== 'draft.changed') return
      if (inFlight > 0) {
        waiting.push(event)
        return
      }
      try {
        if (!(await take(event))) return
        events.rebased(local())
        tellSaved()
      } catch {
        mustReload = true
        schedule(retryAfter)
      }
    },
    /** True while something has not been acknowledged. */
    hasUnsaved: () => pending.length > 0,
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

function isFinal(error: unknown): boolean {
  const status = error !== null && typeof error === 'object' && 'status' in error ? Number(error.status) : 0
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
}
