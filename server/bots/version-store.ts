import { and, desc, eq, gt, max, ne, sql } from 'drizzle-orm'
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
import { stopsPublish } from '#runtime/graph/problems.ts'
import { toRecords } from '#runtime/graph/records.ts'
import { type NodeRegistry, readableConfig } from '#runtime/graph/registry.ts'
import type {
  NodeState,
  OpenChoice,
  PublishPreview,
  PublishRequest,
  StudioEvent,
  VersionView,
} from '#server/api/dto.ts'
import type { OpenLine } from '#server/conversations/conversation-rows.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { bots, versions } from '#server/db/schema/bots.ts'
import { conversations } from '#server/db/schema/conversations.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import type { DraftStore } from './draft-store.ts'
import type { DraftViewer } from './draft-view.ts'
import { refuseProblems } from './problem-words.ts'

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

/** Open conversations of a bot by version and block, counted where conversations live. */
export type OpenConversations = (workspace: string, bot: string) => Promise<OpenLine[]>

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
  now?: () => Date
}) {
  const { db, registry, viewer, drafts, sets, events, openConversations } = deps
  const now = deps.now ?? (() => new Date())

  async function currentOf(workspace: string, bot: string): Promise<number | null> {
    const [row] = await db
      .select({ current: bots.currentVersion })
      .from(bots)
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    if (!row) throw new BotloomError('not-found', { what: 'bot' })
    return row.current
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
    const current = await currentOf(workspace, bot)
    const open = new Map<number, number>()
    for (const line of await openConversations(workspace, bot))
      open.set(line.version, (open.get(line.version) ?? 0) + line.conversations)
    const rows = await db
      .select()
      .from(versions)
      .where(and(eq(versions.workspaceId, workspace), eq(versions.botId, bot)))
      .orderBy(desc(versions.version))
    return rows.map((row) => ({
      version: row.version,
      createdAt: row.createdAt.toISOString(),
      current: row.version === current,
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

  /** Moves the pointer and tells of it, both or neither. */
  async function goLive(tx: Transaction, workspace: string, bot: string, version: number, at: Date): Promise<void> {
    await tx
      .update(bots)
      .set({ currentVersion: version, updatedAt: at })
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    const told: StudioEvent = { type: 'version.published', version }
    await events.append(tx, workspace, `bot:${bot}`, told)
    await deps.published?.(tx, workspace, bot, version, at)
  }

  /**
   * What becomes of conversations on other versions. Each that is changed gets on by one turn, so that no server goes on with what
   * it holds of it.
   */
  async function settleOpen(
    tx: Transaction,
    workspace: string,
    bot: string,
    version: number,
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
          gt(conversations.updatedAt, new Date(now().getTime() - settledFor)),
        ),
      )
  }

  return {
    load,
    list,

    /** The version that new conversations get, or null before the first Publish. */
    current: currentOf,

    async preview(workspace: string, bot: string): Promise<PublishPreview> {
      const draft = await viewer.read(workspace, bot)
      const current = await currentOf(workspace, bot)
      const before = current === null ? null : (await load(workspace, bot, current)).document
      const pinned = classifiersOf(draft.states)
      const open = await openConversations(workspace, bot)
      const documents = new Map<number, GraphDocument | null>()
      for (const { version } of open)
        if (!documents.has(version))
          documents.set(version, await load(workspace, bot, version).then((found) => found.document))
      return {
        problems: draft.problems.filter(stopsPublish),
        stale: draft.states.filter((state) => state.stale !== null).map((state) => state.node),
        hasModel: Object.keys(pinned).length > 0,
        accuracy: modelsOf(pinned)[0]?.accuracy ?? null,
        changedBlocks: changedBlocks(before, draft.document),
        open: toPreviewLines(open, documents, draft.document),
      }
    },

    /** Freezes the draft, its facts and its models as the next version and makes it current. */
    async publish(
      workspace: string,
      bot: string,
      request: PublishRequest,
      author: string,
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
        await tx
          .select({ id: bots.id })
          .from(bots)
          .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
          .for('update')
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
          author,
          createdAt: at,
        })
        await goLive(tx, workspace, bot, next, at)
        await settleOpen(tx, workspace, bot, next, request.open ?? 'stay')
        return next
      })
      return view(workspace, bot, version)
    },

    /** Goes back, or forward, to a version that exists. Open conversations stay on theirs. */
    async activate(workspace: string, bot: string, version: number): Promise<VersionView> {
      await rowOf(workspace, bot, version)
      await db.transaction((tx) => goLive(tx, workspace, bot, version, now()))
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
