import { and, desc, eq, gt, isNull, max, ne, sql } from 'drizzle-orm'
import {
  BotloomError,
  type ClassifierRef,
  classifierRef,
  type Facts,
  isKnowledge,
  knowledgeRef,
  type PinnedRef,
} from '#kit'
import { landingOf } from '#runtime/conversation/landing.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { type Problem, stopsPublish } from '#runtime/graph/problems.ts'
import { toRecords } from '#runtime/graph/records.ts'
import { type NodeRegistry, readableConfig } from '#runtime/graph/registry.ts'
import type {
  Environment,
  MoveRequest,
  NodeState,
  OpenChoice,
  PublishPreview,
  PublishRequest,
  StudioEvent,
  VersionImpact,
  VersionView,
} from '#server/api/dto.ts'
import type { OpenLine } from '#server/conversations/conversation-rows.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { bots, experiments, versions } from '#server/db/schema/bots.ts'
import { conversations } from '#server/db/schema/conversations.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import type { DraftStore } from './draft-store.ts'
import type { DraftViewer } from './draft-view.ts'
import { refuseProblems } from './problem-words.ts'
import type { ChooseVersion } from './version-choice.ts'

export interface Version {
  version: number
  document: GraphDocument
  facts: Facts
  /** Model or knowledge of each block that gives one, by block id. */
  classifiers: Record<string, PinnedRef>
  contentHash: string
}
/** Milliseconds of silence after which nobody is in the midst of a conversation any more, though it was never closed. */
const settledFor = 7 * 24 * 3_600_000

/** Open conversations of a bot's environment by version and block, counted where conversations live. */
export type OpenConversations = (workspace: string, bot: string, environment: Environment) => Promise<OpenLine[]>

/** Who does it, for what remembers it. */
export interface Author {
  id: string
  name: string
}

export type VersionStore = ReturnType<typeof createVersionStore>

/** Published versions: stored once, never changed. */
export function createVersionStore(deps: {
  db: Database
  registry: NodeRegistry
  drafts: DraftStore
  viewer: DraftViewer
  sets: SetStore
  events: EventLog
  openConversations: OpenConversations
  /** Tells others of a version that goes live, in the transaction that makes it so. */
  published?: (tx: Transaction, workspace: string, bot: string, version: number, at: Date) => Promise<void>
  choose: ChooseVersion
  now?: () => Date
}) {
  const { db, registry, viewer, drafts, sets, events, openConversations } = deps
  const now = deps.now ?? (() => new Date())

  async function placesOf(
    workspace: string,
    bot: string,
    reader: Pick<Database, 'select'> = db,
  ): Promise<Record<Environment, number | null>> {
    const [row] = await reader
      .select({ live: bots.currentVersion, test: bots.testVersion })
      .from(bots)
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    if (!row) throw new BotloomError('not-found', { what: 'bot' })
    return row
  }

  async function runningOf(workspace: string, bot: string) {
    const [row] = await db
      .select({ id: experiments.id, a: experiments.versionA, b: experiments.versionB, shareB: experiments.shareB })
      .from(experiments)
      .where(and(eq(experiments.workspaceId, workspace), eq(experiments.botId, bot), isNull(experiments.endedAt)))
    return row ?? null
  }

  async function rowOf(workspace: string, bot: string, version: number) {
    const [row] = await db
      .select()
      .from(versions)
      .where(and(eq(versions.workspaceId, workspace), eq(versions.botId, bot), eq(versions.version, version)))
    if (!row) throw new BotloomError('not-found', { what: 'version' })
    return row
  }

  async function load(workspace: string, bot: string, version: number): Promise<Version> {
    const row = await rowOf(workspace, bot, version)
    return {
      version,
      document: parseDocument(JSON.parse(row.document)),
      facts: JSON.parse(row.facts),
      classifiers: row.classifiers,
      contentHash: row.contentHash,
    }
  }

  async function list(workspace: string, bot: string): Promise<VersionView[]> {
    const places = await placesOf(workspace, bot)
    const running = await runningOf(workspace, bot)
    const open = new Map<number, number>()
    for (const line of await openConversations(workspace, bot, 'live'))
      open.set(line.version, (open.get(line.version) ?? 0) + line.conversations)
    const rows = await db
      .select()
      .from(versions)
      .where(and(eq(versions.workspaceId, workspace), eq(versions.botId, bot)))
      .orderBy(desc(versions.version))
    return rows.map((row) => ({
      version: row.version,
      createdAt: row.createdAt.toISOString(),
      current: row.version === places.live,
      onTest: row.version === places.test,
      arm: armIn(running, row.version),
      contentHash: row.contentHash,
      note: row.note,
      accuracy: row.accuracy,
      labels: labelCount(row.classifiers),
      openConversations: open.get(row.version) ?? 0,
    }))
  }

  async function view(workspace: string, bot: string, version: number): Promise<VersionView> {
    const found = (await list(workspace, bot)).find((line) => line.version === version)
    if (!found) throw new BotloomError('not-found', { what: 'version' })
    return found
  }

  /** Moves the pointer of an environment and tells of it, both or neither. */
  async function point(
    tx: Transaction,
    workspace: string,
    bot: string,
    { environment, version }: { environment: Environment; version: number },
    at: Date,
  ): Promise<void> {
    await tx
      .update(bots)
      .set({ ...(environment === 'live' ? { currentVersion: version } : { testVersion: version }), updatedAt: at })
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    const told: StudioEvent = { type: 'version.published', version }
    await events.append(tx, workspace, `bot:${bot}`, told)
    if (environment === 'live') await deps.published?.(tx, workspace, bot, version, at)
  }

  /**
   * What becomes of an environment's conversations on other versions. Each that is changed gets on by one turn, so that no server goes
   * on with what it holds of it.
   */
  async function settleOpen(
    tx: Transaction,
    workspace: string,
    bot: string,
    { environment, version }: { environment: Environment; version: number },
    choice: OpenChoice,
  ): Promise<void> {
    if (choice === 'stay') return
    await tx
      .update(conversations)
      .set({ turn: sql`${conversations.turn} + 1`, ...(choice === 'move' ? { version } : { finishing: true }) })
      .where(
        and(
          eq(conversations.workspaceId, workspace),
          eq(conversations.botId, bot),
          ne(conversations.status, 'ended'),
          ne(conversations.version, version),
          eq(conversations.isTry, false),
          eq(conversations.environment, environment),
          gt(conversations.updatedAt, new Date(now().getTime() - settledFor)),
        ),
      )
  }

  /**
   * Puts a version into an environment, in a transaction of the caller. Whoever tests gets it with the next message; what becomes of
   * live conversations is chosen. An experiment whose A would go ends with it, where the request says so.
   * Throws `experiment-running`.
   */
  async function place(
    tx: Transaction,
    workspace: string,
    bot: string,
    version: number,
    { environment = 'live', open = 'stay', endExperiment = false }: MoveRequest,
    author: Author,
  ): Promise<void> {
    const at = now()
    await lock(tx, workspace, bot)
    if (environment === 'live') await endRunning(tx, workspace, bot, { version, endExperiment, author, at })
    await point(tx, workspace, bot, { environment, version }, at)
    await settleOpen(tx, workspace, bot, { environment, version }, environment === 'test' ? 'move' : open)
  }

  async function lock(tx: Transaction, workspace: string, bot: string): Promise<void> {
    await tx
      .select({ id: bots.id })
      .from(bots)
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
      .for('update')
  }

  async function endRunning(
    tx: Transaction,
    workspace: string,
    bot: string,
    end: { version: number; endExperiment: boolean; author: Author; at: Date },
  ): Promise<void> {
    const running = and(eq(experiments.workspaceId, workspace), eq(experiments.botId, bot), isNull(experiments.endedAt))
    if (!end.endExperiment) {
      const found = await tx.select({ id: experiments.id }).from(experiments).where(running)
      if (found.length > 0) throw new BotloomError('experiment-running')
      return
    }
    const { author, at, version } = end
    await tx
      .update(experiments)
      .set({ endedAt: at, endedBy: author.id, endedByName: author.name, kept: version })
      .where(running)
  }

  /** What would become of an environment if a document were put there. */
  async function impactOf(workspace: string, bot: string, environment: Environment, document: GraphDocument) {
    const places = await placesOf(workspace, bot)
    // Into an empty test environment goes what differs from live.
    const before = places[environment] ?? places.live
    const open = await openConversations(workspace, bot, environment)
    const documents = new Map<number, GraphDocument | null>()
    for (const { version } of open)
      if (!documents.has(version))
        documents.set(version, await load(workspace, bot, version).then((found) => found.document))
    return {
      changedBlocks: changedBlocks(before === null ? null : (await load(workspace, bot, before)).document, document),
      open: toPreviewLines(open, documents, document),
    }
  }

  return {
    load,
    list,
    place,
    lock,
    choose: deps.choose,

    /** The version that is live, or null before the first Publish; `reader` is the transaction of whoever holds one. */
    current: async (workspace: string, bot: string, reader?: Pick<Database, 'select'>) =>
      (await placesOf(workspace, bot, reader)).live,

    /** Every version that somebody may meet now. */
    async served(workspace: string, bot: string): Promise<number[]> {
      const { live, test } = await placesOf(workspace, bot)
      const running = await runningOf(workspace, bot)
      return [...new Set([live, test, running?.b ?? null])].filter((version) => version !== null)
    },

    async preview(workspace: string, bot: string, environment: Environment = 'live'): Promise<PublishPreview> {
      const draft = await viewer.read(workspace, bot)
      const pinned = classifiersOf(draft.states)
      return {
        problems: draft.problems.filter((problem) => stopsPublish(problem) || isWorthALook(problem)),
        refused: draft.states.flatMap(({ failure }) => (failure?.code.endsWith('gate-not-passed') ? [failure] : [])),
        stale: draft.states.filter((state) => state.stale !== null).map((state) => state.node),
        hasModel: Object.keys(pinned).length > 0,
        accuracy: modelsOf(pinned)[0]?.accuracy ?? null,
        ...(await impactOf(workspace, bot, environment, draft.document)),
      }
    },

    /** What putting a version that exists into an environment would do now. */
    async impact(workspace: string, bot: string, version: number, environment: Environment): Promise<VersionImpact> {
      return impactOf(workspace, bot, environment, (await load(workspace, bot, version)).document)
    },

    /** Freezes the draft, its facts and its models as the next version and puts it where the request says. */
    async publish(
      workspace: string,
      bot: string,
      request: PublishRequest,
      author: Author,
      locale: 'zh-CN' | 'en' = 'en',
    ): Promise<VersionView> {
      const draft = await viewer.read(workspace, bot)
      refuseProblems(draft.problems.filter(stopsPublish), draft.document, locale)
      const stale = draft.states.filter((state) => state.stale !== null)
      if (stale.length > 0 && !request.keepOldModel) throw new BotloomError('publish-stale', { count: stale.length })
      const classifiers = classifiersOf(draft.states)
      const setHashes: Record<string, string> = {}
      for (const node of Object.values(draft.document.nodes)) {
        const definition = registry.nodes[node.type]
        if (!definition) continue
        for (const { ref, value } of fieldRefs(definition, readableConfig(registry, node)))
          if (ref === 'set' && value !== '') setHashes[value] = await sets.revisionHash(workspace, value)
      }
      const at = now()
      const version = await db.transaction(async (tx) => {
        await lock(tx, workspace, bot)
        const [last] = await tx
          .select({ version: max(versions.version) })
          .from(versions)
          .where(and(eq(versions.workspaceId, workspace), eq(versions.botId, bot)))
        const next = (last?.version ?? 0) + 1
        await tx.insert(versions).values({
          botId: bot,
          workspaceId: workspace,
          version: next,
          document: canonicalJson(draft.document),
          contentHash: draft.contentHash,
          facts: JSON.stringify(draft.facts),
          classifiers,
          sets: setHashes,
          note: request.note,
          accuracy: modelsOf(classifiers)[0]?.accuracy ?? null,
          author: author.id,
          createdAt: at,
        })
        await place(tx, workspace, bot, next, request, author)
        await tx
          .update(bots)
          .set({ publishTo: request.environment ?? 'live' })
          .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
        return next
      })
      return view(workspace, bot, version)
    },

    /** Goes back, or forward, to a version that exists: the very same one, nothing of it is made anew. */
    async activate(
      workspace: string,
      bot: string,
      version: number,
      request: MoveRequest,
      author: Author,
    ): Promise<VersionView> {
      await rowOf(workspace, bot, version)
      await db.transaction((tx) => place(tx, workspace, bot, version, request, author))
      return view(workspace, bot, version)
    },

    /** What *Try* talks with: the draft as it is and the newest candidate of each block. */
    async fromDraft(
      workspace: string,
      bot: string,
    ): Promise<Omit<Version, 'version'> & { revision: number; stale: boolean }> {
      const draft = await drafts.load(workspace, bot)
      const known = await viewer.about(workspace, bot, draft.document)
      return {
        document: draft.document,
        revision: draft.revision,
        facts: known.facts,
        classifiers: classifiersOf(known.states),
        contentHash: draft.contentHash,
        stale: known.states.some((state) => state.stale !== null),
      }
    },
  }
}

function armIn(running: { a: number; b: number; shareB: number } | null, version: number): VersionView['arm'] {
  if (version === running?.a) return { name: 'a', share: 1 - running.shareB / 100 }
  if (version === running?.b) return { name: 'b', share: running.shareB / 100 }
  return null
}

/** Hinders nobody and is asked about all the same: what no visitor can reach, and what some of them cannot read. */
function isWorthALook({ code, half }: Problem): boolean {
  return half === 'talk' && (code === 'unreachable' || code.endsWith('.problem.translation-missing'))
}

/** The candidates: what the last successful run of each block gave that can classify, or be asked. */
export function classifiersOf(states: readonly NodeState[]): Record<string, PinnedRef> {
  const found: Record<string, PinnedRef> = {}
  for (const state of states)
    for (const value of Object.values(state.outputs ?? {})) {
      const parsed = knowledgeRef.or(classifierRef.strict()).safeParse(value)
      if (parsed.success) found[state.node] = parsed.data
    }
  return found
}

/** Those that tell labels. */
function modelsOf(pinned: Record<string, PinnedRef>): ClassifierRef[] {
  return Object.values(pinned).flatMap((ref) => (isKnowledge(ref) ? [] : [ref]))
}

function labelCount(classifiers: Record<string, PinnedRef>): number {
  return new Set(modelsOf(classifiers).flatMap((model) => model.labels.map((label) => label.id))).size
}

function changedBlocks(before: GraphDocument | null, after: GraphDocument): PublishPreview['changedBlocks'] {
  const old = before ? toRecords(before) : {}
  const now = toRecords(after)
  const blocks = (table: object) => Object.keys(table).filter((key) => key.startsWith('nodes/'))
  const id = (key: string) => key.slice('nodes/'.length)
  return {
    added: blocks(now)
      .filter((key) => !(key in old))
      .map(id),
    removed: blocks(old)
      .filter((key) => !(key in now))
      .map(id),
    updated: blocks(now)
      .filter((key) => key in old && canonicalJson(old[key]) !== canonicalJson(now[key]))
      .map(id),
  }
}

/** By where they are and where each would land in the draft. */
function toPreviewLines(
  open: readonly OpenLine[],
  documents: ReadonlyMap<number, GraphDocument | null>,
  draft: GraphDocument,
): PublishPreview['open'] {
  const lines = new Map<string, PublishPreview['open'][number]>()
  for (const { version, block, listener, calls, conversations: count } of open) {
    const landing = landingOf({ at: block, listener, calls }, (id) => Object.hasOwn(draft.nodes, id))
    const lands = landing.how === 'start' ? null : landing.block
    const key = JSON.stringify([version, block, lands])
    const line = lines.get(key)
    if (line) line.conversations += count
    else
      lines.set(key, {
        version,
        block,
        blockName: blockName(documents.get(version) ?? null, block),
        conversations: count,
        lands,
      })
  }
  return [...lines.values()]
}

function blockName(document: GraphDocument | null, block: string): string {
  const node = document?.nodes[block]
  return node?.name ?? node?.type ?? block
}
