import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import { BotloomError, type LabelRef } from '#kit'
import type { GraphDiff } from '#runtime/graph/diff.ts'
import { invertDiff, isEmptyDiff, makeDiff } from '#runtime/graph/diff-apply.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { mergeLabels, renameLabel, splitLabel } from '#runtime/graph/label-changes.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import type { ChatTestTurn, LabelStepView, RowsChange } from '#server/api/dto.ts'
import type { DraftStore } from '#server/bots/draft-store.ts'
import { renamedInTurns } from '#server/chat-tests/label-in-turns.ts'
import { editedRow, type RowVersion } from '#server/data/row-versions.ts'
import type { SetHistory } from '#server/data/set-history.ts'
import type { SetStore } from '#server/data/set-store.ts'
import { type SetHead, visibleAt } from '#server/data/set-writer.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { users } from '#server/db/schema/auth.ts'
import { chatTests, drafts as draftTable } from '#server/db/schema/bots.ts'
import { type LabelStepUndo, setLabelSteps, setLabels, setRows } from '#server/db/schema/sets.ts'
import { newId } from '#server/new-id.ts'

/** Steps that are listed, and so can be taken back. */
const stepsShown = 20

export type LabelSteps = ReturnType<typeof createLabelSteps>

interface Did {
  did: 'rename' | 'merge' | 'split'
  from: string
  to: string
}

/** What a step does to what is not rows. */
interface Plan {
  labels: LabelStepUndo['labels']
  made: LabelStepUndo['made']
  document: (document: GraphDocument) => GraphDocument
  turns: (turns: ChatTestTurn[]) => ChatTestTurn[]
}

/**
 * Changes of labels with all that depends on them: rows, wires and settings of the draft, kept tests. Each is one transaction, and is taken
 * back by one step. Published versions and reports stay what they were.
 */
export function createLabelSteps(deps: {
  db: Database
  sets: SetStore
  history: SetHistory
  drafts: DraftStore
  registry: NodeRegistry
  now?: () => Date
}) {
  const { db, sets, history, drafts, registry } = deps
  const now = deps.now ?? (() => new Date())

  async function labelOf(workspace: string, set: string, label: string): Promise<LabelRef> {
    const found = (await sets.labels(workspace, set)).find(({ id }) => id === label)
    if (!found) throw new BotloomError('not-found', { what: 'label' })
    return found
  }

  /** The document of a bot under a lock, changed by a diff of its own. Null where it names nothing of this. */
  async function changeDraft(
    tx: Transaction,
    workspace: string,
    bot: string,
    by: string,
    change: (document: GraphDocument) => GraphDocument | GraphDiff,
  ): Promise<GraphDiff | null> {
    const [row] = await tx
      .select({ document: draftTable.document, revision: draftTable.revision })
      .from(draftTable)
      .where(and(eq(draftTable.workspaceId, workspace), eq(draftTable.botId, bot)))
      .for('update')
    if (!row) return null
    const before = parseDocument(JSON.parse(row.document))
    const changed = change(before)
    const diff = 'nodes' in changed ? makeDiff(before, changed, newId('dif')) : changed
    if (isEmptyDiff(diff)) return null
    await drafts.pushIn(tx, workspace, bot, { base: row.revision, diffs: [diff] }, by)
    return diff
  }

  async function changeTests(
    tx: Transaction,
    workspace: string,
    bot: string,
    change: (turns: ChatTestTurn[]) => ChatTestTurn[],
  ): Promise<LabelStepUndo['tests']> {
    const tests = await tx
      .select({ id: chatTests.id, turns: chatTests.turns })
      .from(chatTests)
      .where(and(eq(chatTests.workspaceId, workspace), eq(chatTests.botId, bot)))
    const changed: LabelStepUndo['tests'] = []
    for (const { id, turns: before } of tests) {
      const after = JSON.stringify(change(JSON.parse(before)))
      if (after === before) continue
      await writeTurns(tx, workspace, id, after)
      changed.push({ id, before, after })
    }
    return changed
  }

  const writeTurns = (tx: Transaction, workspace: string, id: string, turns: string) =>
    tx
      .update(chatTests)
      .set({ turns, result: null, resultOf: null, updatedAt: now() })
      .where(and(eq(chatTests.workspaceId, workspace), eq(chatTests.id, id)))

  /** One step: rows in batches, then all the rest with the switch that shows them. */
  async function step(
    workspace: string,
    set: string,
    by: string,
    did: Did,
    rows: (head: SetHead) => Promise<{ removed: RowVersion[]; added: RowVersion[] }>,
    plan: (tx: Transaction, head: { workspace: string; set: string }) => Promise<Plan>,
  ): Promise<LabelStepView> {
    const bot = await sets.botOf(workspace, set)
    const id = newId('lst')
    const counts = { blocks: 0, tests: 0 }
    const at = now()
    const done = await sets.rewrite(workspace, set, { did: did.did, by }, rows, async (tx, { changed, revision }) => {
      const { labels, made, document, turns } = await plan(tx, { workspace, set })
      const diff = await changeDraft(tx, workspace, bot, by, document)
      const tests = await changeTests(tx, workspace, bot, turns)
      counts.blocks = blocksOf(diff)
      counts.tests = tests.length
      await tx.insert(setLabelSteps).values({
        id,
        setId: set,
        workspaceId: workspace,
        ...did,
        revision,
        rows: changed,
        undo: { labels, made, diff: diff && JSON.stringify(diff), tests },
        author: by,
        createdAt: at,
      })
    })
    return { id, ...did, rows: done.changed, ...counts, at: at.toISOString(), by: null }
  }

  const rowsOf = (head: SetHead, labels: readonly string[]) =>
    db
      .select()
      .from(setRows)
      .where(and(visibleAt(head.id, head.revision), inArray(setRows.label, [...labels])))

  return {
    /** Throws `label-name-taken`, `not-found`. */
    async rename(workspace: string, set: string, label: string, name: string, by: string): Promise<LabelStepView> {
      const old = await labelOf(workspace, set, label)
      return step(
        workspace,
        set,
        by,
        { did: 'rename', from: old.name, to: name },
        async () => ({ removed: [], added: [] }),
        async (tx) => {
          const was = await sets.renameLabel(workspace, set, label, name, tx)
          return {
            labels: [{ ...was, mergedInto: null }],
            made: null,
            document: (document) => renameLabel(document, registry, set, was, name),
            turns: (turns) => renamedInTurns(turns, [was], { id: label, name }),
          }
        },
      )
    },

    /** All rows of `gone` have the label `into` from now on. Throws `not-found`, `label-merge-itself`. */
    async merge(
      workspace: string,
      set: string,
      gone: readonly string[],
      into: string,
      by: string,
    ): Promise<LabelStepView> {
      const kept = await labelOf(workspace, set, into)
      const others: LabelRef[] = []
      for (const label of new Set(gone)) {
        if (label === into) throw new BotloomError('label-merge-itself', { name: kept.name })
        others.push(await labelOf(workspace, set, label))
      }
      const ids = others.map(({ id }) => id)
      return step(
        workspace,
        set,
        by,
        { did: 'merge', from: others.map(({ name }) => name).join(', '), to: kept.name },
        async (head) => {
          const removed = await rowsOf(head, ids)
          return { removed, added: removed.map((row) => ({ ...row, label: into })) }
        },
        async (tx) => {
          await tx
            .update(setLabels)
            .set({ mergedInto: into })
            .where(and(eq(setLabels.setId, set), inArray(setLabels.id, ids)))
          return {
            labels: others.map((label) => ({ ...label, mergedInto: null })),
            made: null,
            document: (document) => mergeLabels(document, registry, others, kept),
            turns: (turns) => renamedInTurns(turns, others, kept),
          }
        },
      )
    },

    /** These rows of a label get a new one. Throws `label-name-taken`, `not-found`, `label-split-empty`. */
    async split(
      workspace: string,
      set: string,
      label: string,
      { name, rows }: { name: string; rows: readonly string[] },
      by: string,
    ): Promise<LabelStepView> {
      const old = await labelOf(workspace, set, label)
      const wanted = new Set(rows)
      const taken = (labels: readonly LabelRef[]) => {
        if (labels.some((one) => one.name === name)) throw new BotloomError('label-name-taken', { name })
      }
      taken(await sets.labels(workspace, set))
      const fresh = newId('lbl')
      return step(
        workspace,
        set,
        by,
        { did: 'split', from: old.name, to: name },
        async (head) => {
          const removed = (await rowsOf(head, [label])).filter((row) => wanted.has(row.id))
          if (removed.length === 0) throw new BotloomError('label-split-empty', { name: old.name })
          return { removed, added: removed.map((row) => editedRow(row, { label: name }, fresh)) }
        },
        async (tx) => {
          const head = { id: set, workspaceId: workspace }
          const { byName } = await sets.giveLabels(tx, head, [{ name, id: fresh }])
          if (byName.get(name) !== fresh) throw new BotloomError('label-name-taken', { name })
          return {
            labels: [],
            made: { id: fresh, from: label },
            document: (document) => splitLabel(document, label, fresh, () => newId('edge')),
            turns: (turns) => turns,
          }
        },
      )
    },

    /** Takes a step back; what somebody changed since stays. Throws `not-found`, `label-step-undone`, `label-name-taken`. */
    async undo(workspace: string, set: string, id: string, by: string): Promise<RowsChange> {
      const bot = await sets.botOf(workspace, set)
      const [found] = await db
        .select()
        .from(setLabelSteps)
        .where(and(eq(setLabelSteps.workspaceId, workspace), eq(setLabelSteps.setId, set), eq(setLabelSteps.id, id)))
      if (!found) throw new BotloomError('not-found', { what: 'change' })
      const { undo, revision } = found
      return sets.rewrite(
        workspace,
        set,
        { did: 'undo', by },
        async (head) => (revision === null ? { removed: [], added: [] } : history.planUndo(head, revision)),
        async (tx) => {
          const mine = await tx
            .update(setLabelSteps)
            .set({ undoneAt: now() })
            .where(and(eq(setLabelSteps.id, id), isNull(setLabelSteps.undoneAt)))
            .returning({ id: setLabelSteps.id })
          if (mine.length === 0) throw new BotloomError('label-step-undone')
          await bringBack(tx, set, undo)
          const { diff } = undo
          if (diff !== null) await changeDraft(tx, workspace, bot, by, () => invertDiff(JSON.parse(diff), newId('dif')))
          for (const test of undo.tests) {
            const [now] = await tx
              .select({ turns: chatTests.turns })
              .from(chatTests)
              .where(and(eq(chatTests.workspaceId, workspace), eq(chatTests.id, test.id)))
            if (now?.turns === test.after) await writeTurns(tx, workspace, test.id, test.before)
          }
        },
      )
    },

    /** The last steps that can be taken back, the newest first. */
    async list(workspace: string, set: string): Promise<LabelStepView[]> {
      const found = await db
        .select({ step: setLabelSteps, name: users.name })
        .from(setLabelSteps)
        .leftJoin(users, eq(users.id, setLabelSteps.author))
        .where(
          and(eq(setLabelSteps.workspaceId, workspace), eq(setLabelSteps.setId, set), isNull(setLabelSteps.undoneAt)),
        )
        .orderBy(desc(setLabelSteps.createdAt), desc(setLabelSteps.id))
        .limit(stepsShown)
      return found.map(({ step: { id, did, from, to, rows, undo, createdAt }, name }) => ({
        id,
        did,
        from,
        to,
        rows,
        blocks: blocksOf(undo.diff === null ? null : JSON.parse(undo.diff)),
        tests: undo.tests.length,
        at: createdAt.toISOString(),
        by: name,
      }))
    },
  }
}

/** Labels are what they were; one that the step made goes into the one that it came from. */
async function bringBack(tx: Transaction, set: string, { labels, made }: LabelStepUndo): Promise<void> {
  const live = await tx
    .select({ id: setLabels.id, name: setLabels.name })
    .from(setLabels)
    .where(and(eq(setLabels.setId, set), isNull(setLabels.mergedInto)))
  for (const { id, name, mergedInto } of labels) {
    if (live.some((other) => other.name === name && other.id !== id))
      throw new BotloomError('label-name-taken', { name })
    await tx
      .update(setLabels)
      .set({ name, mergedInto })
      .where(and(eq(setLabels.setId, set), eq(setLabels.id, id)))
  }
  if (made)
    await tx
      .update(setLabels)
      .set({ mergedInto: made.from })
      .where(and(eq(setLabels.setId, set), eq(setLabels.id, made.id)))
}

/** Blocks that a diff changed or wired otherwise. */
function blocksOf(diff: GraphDiff | null): number {
  if (!diff) return 0
  const blocks = new Set<string>()
  for (const key of Object.keys(diff.updated)) if (key.startsWith('nodes/')) blocks.add(key.slice('nodes/'.length))
  for (const records of [diff.added, diff.removed])
    for (const record of Object.values(records)) {
      const from = (record as { from?: { node?: string } }).from?.node
      if (from) blocks.add(from)
    }
  const wires = Object.keys(diff.updated).filter((key) => key.startsWith('edges/')).length
  return blocks.size + (blocks.size === 0 && wires > 0 ? 1 : 0)
}
