import type { Logger } from 'pino'
import type { GroupedMessages } from '#runtime/clusters/group-messages.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { builtinEncoder, listEncoders } from '#runtime/language/resolve-encoder.ts'
import { createKeyedMutex } from '#server/data/keyed-mutex.ts'
import { runClusters } from './run-clusters.ts'
import type { Unanswered } from './unanswered-store.ts'

/** Views of bots whose groups are kept in memory. */
const mostKept = 50
const seed = 1

/** What is known of the groups of some messages. */
export interface GroupsState {
  state: 'running' | 'done' | 'failed'
  /** 0..1 of the work that runs. */
  share: number
  /** Groups of these messages and of others that have been seen to since; null until they are found. */
  found: { place: ReadonlyMap<string, number>; grouped: GroupedMessages } | null
}

interface Kept {
  /** Messages that are grouped, or that are being grouped. */
  ids: ReadonlySet<string>
  found: GroupsState['found']
  running: { share: number; stop: AbortController } | null
  failed: boolean
}

/**
 * Finds groups, one bot at a time, and keeps them for as long as the server runs: they hold visitors' words, which belong in the database
 * alone. Messages that are seen to leave their group as it is; new ones have all grouped anew, and until then the former groups stand.
 */
export function createMessageGroups(deps: { modelsFolder: string; log: Logger; run?: typeof runClusters }) {
  const { modelsFolder, log, run = runClusters } = deps
  const kept = new Map<string, Kept>()
  const oneAtATime = createKeyedMutex()

  function start(view: string, one: Kept, messages: readonly Unanswered[], document: GraphDocument): void {
    one.running?.stop.abort(new Error('other messages are to be grouped'))
    const own = { share: 0, stop: new AbortController() }
    one.running = own
    one.failed = false
    one.ids = new Set(messages.map(({ id }) => id))
    const work = async (): Promise<void> => {
      const grouped = await run(
        {
          texts: messages.map(({ text }) => text),
          encoder: await encoderOf(document, modelsFolder),
          modelsFolder,
          seed,
        },
        {
          signal: own.stop.signal,
          onShare: (share) => {
            own.share = share
          },
        },
      )
      if (one.running === own) one.found = { place: new Map(messages.map(({ id }, place) => [id, place])), grouped }
    }
    oneAtATime('', work)
      .catch((error: unknown) => {
        if (own.stop.signal.aborted) return
        one.failed = true
        log.error({ err: error, view }, 'messages could not be grouped')
      })
      .finally(() => {
        if (one.running === own) one.running = null
      })
  }

  return {
    /** The groups of these messages; begins to find them where they are not known. `again` tries once more what failed. */
    of(view: string, messages: readonly Unanswered[], document: GraphDocument, again = false): GroupsState {
      const one = kept.get(view) ?? { ids: new Set(), found: null, running: null, failed: false }
      // The view that was looked at last is forgotten last.
      kept.delete(view)
      kept.set(view, one)
      for (const [old, { running }] of kept) if (kept.size > mostKept && !running) kept.delete(old)
      const isKnown = (one.found ?? one.running) !== null || one.failed
      if (!isKnown || messages.some(({ id }) => !one.ids.has(id)) || (one.failed && again))
        start(view, one, messages, document)
      const state = one.running ? 'running' : one.failed ? 'failed' : 'done'
      return { state, share: one.running?.share ?? 1, found: one.found }
    },

    /** Ends what is under way; nothing of it is kept. */
    stop(): void {
      for (const { running } of kept.values()) running?.stop.abort(new Error('the server stops'))
      kept.clear()
    },
  }
}

/** What the bot's own model was made from, so that alike is what is alike to the bot; none is fetched for it. */
async function encoderOf(document: GraphDocument, modelsFolder: string): Promise<string> {
  const named = Object.values(document.nodes).flatMap(({ type, config }) =>
    type === 'fine-tune' && typeof config.encoder === 'string' ? [config.encoder] : [],
  )
  const here = await listEncoders(modelsFolder)
  return named.find((name) => here.includes(name)) ?? builtinEncoder
}
