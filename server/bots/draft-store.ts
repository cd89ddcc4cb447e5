import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { BotloomError } from '#kit'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { Clash, GraphDiff } from '#runtime/graph/diff.ts'
import { applyDiff, findClashes } from '#runtime/graph/diff-apply.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { contentHash, draftHash } from '#runtime/graph/hash.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import type { PushDiffs, StudioEvent } from '#server/api/dto.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { draftDiffs, drafts } from '#server/db/schema/bots.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import { checkIds } from './check-ids.ts'
import { checkRefs } from './check-refs.ts'

export interface Draft {
  document: GraphDocument
  revision: number
  draftHash: string
  contentHash: string
  savedAt: string
}
export interface Pushed {
  draft: Draft
  clashes: Clash[]
  others: GraphDiff[]
  /** What this push added, in order; empty when all of it was known already. */
  applied: GraphDiff[]
}

export type DraftStore = ReturnType<typeof createDraftStore>

/** The edited documents. The server orders diffs; each is applied once, whatever is sent twice. */
export function createDraftStore(deps: { db: Database; registry: NodeRegistry; events: EventLog; now?: () => Date }) {
  const { db, registry, events } = deps
  const now = deps.now ?? (() => new Date())

  async function load(workspace: string, bot: string): Promise<Draft> {
    const [row] = await db
      .select()
      .from(drafts)
      .where(and(eq(drafts.workspaceId, workspace), eq(drafts.botId, bot)))
    if (!row) throw new BotloomError('not-found', { what: 'bot' })
    return toDraft(row)
  }

  return {
    load,

    async create(tx: Transaction, workspace: string, bot: string, document: GraphDocument): Promise<void> {
      await tx.insert(drafts).values({
        botId: bot,
        workspaceId: workspace,
        document: canonicalJson(document),
        revision: 1,
        draftHash: draftHash(document),
        contentHash: contentHash(document),
        savedAt: now(),
      })
    },

    /**
     * Applies diffs in order, one revision each. A field that somebody else set since `base` is overridden and their
     * value given back as a clash. Throws `draft-changed`, `large-removal`, `path-refused`, `graph-invalid`, `unknown-block`.
     */
    push: (workspace: string, bot: string, push: PushDiffs, author: string): Promise<Pushed> =>
      db.transaction((tx) => pushIn(tx, workspace, bot, push, author)),

    /** As `push`, together with what else the transaction writes. */
    pushIn,
  }

  async function pushIn(
    tx: Transaction,
    workspace: string,
    bot: string,
    push: PushDiffs,
    author: string,
  ): Promise<Pushed> {
    const [row] = await tx
      .select()
      .from(drafts)
      .where(and(eq(drafts.workspaceId, workspace), eq(drafts.botId, bot)))
      .for('update')
    if (!row) throw new BotloomError('not-found', { what: 'bot' })
    const before = toDraft(row)
    if (push.ifHash !== undefined && push.ifHash !== before.draftHash) throw new BotloomError('draft-changed')
    const ids = push.diffs.map((diff) => diff.id)
    const known = new Map(
      (ids.length === 0
        ? []
        : await tx
            .select({ id: draftDiffs.diffId, clashes: draftDiffs.clashes })
            .from(draftDiffs)
            .where(
              and(eq(draftDiffs.workspaceId, workspace), eq(draftDiffs.botId, bot), inArray(draftDiffs.diffId, ids)),
            )
      ).map((line) => [line.id, JSON.parse(line.clashes) as Clash[]]),
    )
    const since = await tx
      .select({ id: draftDiffs.diffId, diff: draftDiffs.diff })
      .from(draftDiffs)
      .where(and(eq(draftDiffs.workspaceId, workspace), eq(draftDiffs.botId, bot), gt(draftDiffs.revision, push.base)))
      .orderBy(asc(draftDiffs.revision))
    const mine = new Set(ids)
    const others = since.filter((line) => !mine.has(line.id)).map((line) => JSON.parse(line.diff) as GraphDiff)

    let document = before.document
    let revision = before.revision
    const clashes: Clash[] = []
    const applied: GraphDiff[] = []
    for (const [place, diff] of push.diffs.entries()) {
      const old = known.get(diff.id)
      if (old) {
        clashes.push(...old)
        continue
      }
      const found = findClashes(diff, others, push.diffs.slice(0, place))
      document = parseDocument(applyDiff(document, diff))
      checkChanged(registry, bot, document, diff)
      revision += 1
      clashes.push(...found)
      applied.push(diff)
      known.set(diff.id, found)
      await tx.insert(draftDiffs).values({
        botId: bot,
        workspaceId: workspace,
        revision,
        diffId: diff.id,
        diff: JSON.stringify(diff),
        clashes: JSON.stringify(found),
        author,
        at: now(),
      })
    }
    if (applied.length === 0) return { draft: before, clashes, others, applied }
    if (!push.allowLargeRemoval) refuseLargeRemoval(before.document, document)
    const savedAt = now()
    const [stored] = await tx
      .update(drafts)
      .set({
        document: canonicalJson(document),
        revision,
        draftHash: draftHash(document),
        contentHash: contentHash(document),
        savedAt,
      })
      .where(and(eq(drafts.workspaceId, workspace), eq(drafts.botId, bot)))
      .returning()
    const told: StudioEvent = { type: 'draft.changed', revision, diffs: applied, by: author }
    await events.append(tx, workspace, `bot:${bot}`, told)
    // What is acknowledged is the hash of what was read back, not of what was meant to be written.
    const draft = toDraft(stored!)
    if (draftHash(draft.document) !== draft.draftHash) throw new Error('the stored draft differs from what was sent')
    return { draft, clashes, others, applied }
  }
}

function toDraft(row: typeof drafts.$inferSelect): Draft {
  return {
    document: parseDocument(JSON.parse(row.document)),
    revision: row.revision,
    draftHash: row.draftHash,
    contentHash: row.contentHash,
    savedAt: row.savedAt.toISOString(),
  }
}

function refuseLargeRemoval(before: GraphDocument, after: GraphDocument): void {
  const ids = Object.keys(before.nodes)
  const gone = ids.filter((id) => !after.nodes[id]).length
  if (ids.length > 0 && gone / ids.length > 0.5) throw new BotloomError('large-removal', { gone, total: ids.length })
}

/** What the schema cannot see: a record under another id than its own, and references that name a path. */
function checkChanged(registry: NodeRegistry, bot: string, document: GraphDocument, diff: GraphDiff): void {
  if (document.id !== bot) throw new BotloomError('graph-invalid', { place: 'id', issue: 'id-differs' })
  checkIds(document)
  for (const key of [...Object.keys(diff.added), ...Object.keys(diff.updated)]) {
    const node = key.startsWith('nodes/') ? document.nodes[key.slice('nodes/'.length)] : undefined
    if (node) checkRefs(registry, node)
  }
}
