import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { Database, Transaction } from '#server/db/client.ts'
import { type RevisionKind, setRevisions, setRows, sets } from '#server/db/schema/sets.ts'

/** A claim that shows no life for this long belonged to a process that died. */
const claimMs = 30_000

export interface SetHead {
  id: string
  workspaceId: string
  botId: string
  revision: number
  hash: string
  rows: number
}

/** What made a revision, and who; null is the product itself. */
export interface Deed {
  did: RevisionKind
  by: string | null
}

/** Locks a set inside a transaction, clears what a dead import left, and tells where it stands. */
export async function lockSet(tx: Transaction, workspace: string, id: string, now: Date): Promise<SetHead> {
  const [set] = await tx
    .select()
    .from(sets)
    .where(and(eq(sets.workspaceId, workspace), eq(sets.id, id)))
    .for('update')
  if (!set) throw new BotloomError('not-found', { what: 'set' })
  if (set.staging !== null && set.stagingAt && now.getTime() - set.stagingAt.getTime() < claimMs)
    throw new BotloomError('set-busy')
  if (set.staging !== null) {
    await tx.delete(setRows).where(and(eq(setRows.setId, id), gt(setRows.since, set.current)))
    await reopen(tx, id, set.current)
    await tx.update(sets).set({ staging: null, stagingAt: null }).where(eq(sets.id, id))
  }
  const [head] = await tx
    .select()
    .from(setRevisions)
    .where(and(eq(setRevisions.setId, id), eq(setRevisions.revision, set.current)))
  return {
    id,
    workspaceId: workspace,
    botId: set.botId,
    revision: set.current,
    hash: head!.hash,
    rows: head!.rows,
  }
}

/** Claims the next revision for an import that commits in batches. */
export async function claimStaging(tx: Transaction, head: SetHead, now: Date): Promise<number> {
  const staging = head.revision + 1
  await tx.update(sets).set({ staging, stagingAt: now }).where(eq(sets.id, head.id))
  return staging
}

/** Says that the import lives. Throws `set-busy` when somebody took the claim for dead. */
export async function renewStaging(tx: Transaction, id: string, staging: number, now: Date): Promise<void> {
  const renewed = await tx
    .update(sets)
    .set({ stagingAt: now })
    .where(and(eq(sets.id, id), eq(sets.staging, staging), lt(sets.current, staging)))
    .returning({ id: sets.id })
  if (renewed.length === 0) throw new BotloomError('set-busy')
}

/** The one switch: from now on everybody sees the new revision. */
export async function switchRevision(
  tx: Transaction,
  head: SetHead,
  next: { hash: string; rows: number } & Deed,
  now: Date,
): Promise<number> {
  const revision = head.revision + 1
  await tx.insert(setRevisions).values({
    setId: head.id,
    workspaceId: head.workspaceId,
    revision,
    hash: next.hash,
    rows: next.rows,
    author: next.by,
    did: next.did,
    createdAt: now,
  })
  await tx
    .update(sets)
    .set({ current: revision, staging: null, stagingAt: null, updatedAt: now })
    .where(eq(sets.id, head.id))
  return revision
}

/** Throws away a staging revision that came to nothing. */
export async function dropStaging(db: Database, id: string, staging: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(setRows).where(and(eq(setRows.setId, id), eq(setRows.since, staging)))
    await reopen(tx, id, staging - 1)
    await tx
      .update(sets)
      .set({ staging: null, stagingAt: null })
      .where(and(eq(sets.id, id), eq(sets.staging, staging)))
  })
}

/** Rows that were closed for a revision that never came. */
async function reopen(tx: Transaction, id: string, current: number): Promise<void> {
  await tx
    .update(setRows)
    .set({ until: null })
    .where(and(eq(setRows.setId, id), gt(setRows.until, current)))
}

/** The rows that a revision shows. */
export function visibleAt(setId: string, revision: number) {
  return and(
    eq(setRows.setId, setId),
    sql`${setRows.since} <= ${revision}`,
    or(isNull(setRows.until), gt(setRows.until, revision)),
  )
}
