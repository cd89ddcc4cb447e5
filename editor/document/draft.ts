import { create as mutate } from 'mutative'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Facts } from '#kit/facts.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { Clash, GraphDiff } from '#runtime/graph/diff.ts'
import { applyDiff, isEmptyDiff, makeDiff } from '#runtime/graph/diff-apply.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { DraftView, NodeState, StudioEvent } from '#server/api/dto.ts'
import { type Autosave, createAutosave, type DraftDoor, type SaveState } from './autosave.ts'
import type { ClashShelf } from './clash-shelf.ts'
import { problemsNow } from './graph-now.ts'
import {
  applyKeeping,
  type History,
  type HistoryEntry,
  keepIdentity,
  noHistory,
  remember,
  reverseOf,
} from './history.ts'
import type { HistoryShelf } from './history-shelf.ts'
import { newId } from './ids.ts'
import type { LeftBehind, Shelf } from './shelf.ts'

export interface CommitOptions {
  /** What was done: locale key `canvas:history.<label>`. */
  label: string
  /** Commits with the same key in quick succession become one step of the history. */
  merge?: string
  /** The person asked for it: more than half of the blocks may go at once. */
  allowLargeRemoval?: boolean
}

export interface DraftState {
  bot: string
  phase: 'closed' | 'loading' | 'open' | 'failed'
  error: unknown
  document: GraphDocument
  facts: Facts
  /** Problems that only the server can see (records, files). The graph's own are found here at each edit. */
  serverProblems: Problem[]
  save: SaveState
  history: History
  clashes: Clash[]
}

export interface DraftActions {
  /** Loads a bot's draft, with what an earlier tab could not send on top, and the steps that can be undone from before. */
  open(bot: string): Promise<void>
  close(): void
  /** Carries out a change as one step that can be undone. Null when it changed nothing. */
  commit(change: (document: GraphDocument) => void, options: CommitOptions): GraphDiff | null
  undo(): HistoryEntry | null
  redo(): HistoryEntry | null
  /** An event of the bot's stream. */
  receive(event: StudioEvent): void
  /** Sends what waits. Rejects where something could not be sent; it is kept and tried again. */
  flush(): Promise<void>
  retrySave(): void
  hasUnsaved(): boolean
  /** Another tab of this device has settled one, or found one. */
  readClashes(): void
  /** Takes the value that was set aside, or leaves what stands; the clash is gone from the list either way. */
  settleClash(clash: Clash, take: 'kept' | 'other'): void
}
export type Draft = StoreApi<DraftState> & DraftActions

export const noFactsAtAll: Facts = { labels: {}, rows: {} }

const closedState: DraftState = {
  bot: '',
  phase: 'closed',
  error: null,
  document: emptyDocument('none'),
  facts: noFactsAtAll,
  serverProblems: [],
  save: { kind: 'unsaved' },
  history: noHistory,
  clashes: [],
}

/**
 * The document that a person edits: what the server has acknowledged with everything unsent on top. Every change is a
 * diff with an id; the same diff is a step of the history, a line of the autosave and what others receive.
 */
export function createDraft(deps: {
  door: DraftDoor
  shelf: Shelf
  histories: HistoryShelf
  clashes: ClashShelf
  /** Run states travel with drafts and answers but live in their own store. */
  onStates?: (states: NodeState[]) => void
  now?: () => number
}): Draft {
  const now = deps.now ?? Date.now
  const store = createStore<DraftState>()(() => closedState)
  let autosave: Autosave | null = null
  store.subscribe((after, before) => {
    if (after.phase === 'open' && after.history !== before.history) deps.histories.put(after.bot, after.history)
  })

  function push(diff: GraphDiff, options: { merge?: string; large?: boolean }) {
    autosave?.enqueue(diff, options)
  }

  function adopt(next: GraphDocument, options: CommitOptions): GraphDiff | null {
    const { document, history, phase } = store.getState()
    if (phase !== 'open' || next === document) return null
    const diff = makeDiff(document, next, newId('dif'))
    if (isEmptyDiff(diff)) return null
    const entry = { diff, label: options.label, merge: options.merge, at: now() }
    store.setState({ document: next, history: remember(history, entry) })
    push(diff, { merge: options.merge, large: options.allowLargeRemoval })
    return diff
  }

  function step(from: 'past' | 'future'): HistoryEntry | null {
    const { history, document } = store.getState()
    const entry = history[from].at(-1)
    if (!entry || store.getState().phase !== 'open') return null
    const diff = reverseOf(document, entry.diff, newId('dif'))
    const rest = history[from].slice(0, -1)
    const undone: HistoryEntry = { ...entry, diff, merge: undefined }
    const opposite = from === 'past' ? 'future' : 'past'
    if (isEmptyDiff(diff)) {
      // Others have changed all of it since; the step is spent.
      store.setState({ history: { ...history, [from]: rest } })
      return step(from)
    }
    store.setState({
      document: applyKeeping(document, diff),
      history: { ...history, [from]: rest, [opposite]: [...history[opposite], undone] },
    })
    push(diff, { large: true })
    return entry
  }

  function readServer(
    answer: { facts: Facts; problems: Problem[]; states: NodeState[] },
    document = store.getState().document,
  ) {
    const known = store.getState().facts
    // Facts that say the same as before stay the same object, so that nothing is looked at again.
    const facts = canonicalJson(known) === canonicalJson(answer.facts) ? known : answer.facts
    // The graph's own rules are applied here at each edit; what is left over only the server can see.
    const own = new Set(problemsNow(document, facts).map((problem) => canonicalJson(problem)))
    const serverProblems = answer.problems.filter((problem) => !own.has(canonicalJson(problem)))
    store.setState({ facts, serverProblems })
    deps.onStates?.(answer.states)
  }

  return {
    ...store,
    async open(bot) {
      autosave?.close()
      autosave = null
      store.setState({ ...closedState, bot, phase: 'loading' })
      let draft: DraftView
      let left: LeftBehind[]
      let history: History
      try {
        ;[draft, left, history] = await Promise.all([
          deps.door.load(bot),
          deps.shelf.leftBehind(bot),
          deps.histories.take(bot),
        ])
      } catch (error) {
        if (store.getState().bot === bot) store.setState({ phase: 'failed', error })
        return
      }
      if (store.getState().bot !== bot) return
      const diffs = left.flatMap((shelf) => shelf.diffs.map(({ diff }) => diff))
      store.setState({
        phase: 'open',
        document: diffs.reduce(applyDiff, draft.document),
        history,
        clashes: deps.clashes.list(bot),
        error: null,
      })
      readServer(draft)
      autosave = createAutosave({
        bot,
        draft,
        leftBehind: left,
        door: deps.door,
        shelf: deps.shelf,
        events: {
          rebased: (document) => store.setState({ document: keepIdentity(store.getState().document, document) }),
          answered: readServer,
          clashed: (clashes) => {
            const known = new Set(store.getState().clashes.map((clash) => canonicalJson(clash)))
            const added = clashes.filter((clash) => !known.has(canonicalJson(clash)))
            deps.clashes.keep(bot, added)
            store.setState({ clashes: [...store.getState().clashes, ...added] })
          },
          saveStateChanged: (save) => store.setState({ save }),
        },
      })
    },
    close() {
      void autosave?.flush().catch(() => {})
      autosave?.close()
      autosave = null
      store.setState(closedState)
    },
    commit(change, options) {
      const { document } = store.getState()
      const next = mutate(document, (draft) => {
        change(draft)
      })
      return adopt(next, options)
    },
    undo: () => step('past'),
    redo: () => step('future'),
    receive(event) {
      if (event.type === 'draft.changed') void autosave?.receive(event)
      else if (event.type === 'draft.facts') readServer(event)
    },
    flush: async () => autosave?.flush(),
    retrySave: () => autosave?.retry(),
    hasUnsaved: () => autosave?.hasUnsaved() ?? false,
    readClashes() {
      const { bot, phase } = store.getState()
      if (phase === 'open') store.setState({ clashes: deps.clashes.list(bot) })
    },
    settleClash(clash, take) {
      const { bot, clashes, document } = store.getState()
      deps.clashes.settle(bot, clash)
      store.setState({ clashes: clashes.filter((other) => other !== clash) })
      if (take === 'kept' || clash.path === '') return
      const diff: GraphDiff = {
        id: newId('dif'),
        added: {},
        removed: {},
        updated: { [clash.record]: { [clash.path]: [clash.kept, clash.other] } },
      }
      adopt(applyKeeping(document, diff), { label: 'clash', merge: `clash ${clash.record}` })
    },
  }
}
