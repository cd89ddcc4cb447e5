import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { BotloomError } from '#kit'
import { doctorVersion, type FindingKind, type FixWay, type FoundCase } from '#runtime/doctor/finding.ts'
import type { WrittenFinding } from '#runtime/doctor/messages.ts'
import type { Database } from '#server/db/client.ts'
import { setChecks, setFindings } from '#server/db/schema/set-checks.ts'

/** Contents of a set whose findings are kept: what undo leads back to is mostly one of them. */
const mostKept = 5

export type CheckStore = ReturnType<typeof createCheckStore>

/** What the doctor found, by the content of the set: opening a page again costs one look. */
export function createCheckStore(deps: { db: Database; now?: () => Date }) {
  const { db } = deps
  const now = deps.now ?? (() => new Date())
  const checkOf = (workspace: string, set: string, hash: string) =>
    and(eq(setChecks.workspaceId, workspace), eq(setChecks.setId, set), eq(setChecks.hash, hash))
  const findingsOf = (workspace: string, set: string, hash: string) =>
    and(eq(setFindings.workspaceId, workspace), eq(setFindings.setId, set), eq(setFindings.hash, hash))

  return {
    /** The findings of a content without their rows; null where it was not checked, or by another version of the doctor. */
    async find(workspace: string, set: string, hash: string) {
      const [check] = await db
        .select()
        .from(setChecks)
        .where(and(checkOf(workspace, set, hash), eq(setChecks.doctor, doctorVersion)))
      if (!check) return null
      const findings = await db
        .select({ kind: setFindings.kind, rows: setFindings.rows, ways: setFindings.ways })
        .from(setFindings)
        .where(findingsOf(workspace, set, hash))
        .orderBy(asc(setFindings.position))
      return { ...check, findings }
    },

    async save(
      workspace: string,
      set: string,
      check: { hash: string; rows: number; seconds: number },
      findings: readonly WrittenFinding[],
    ): Promise<void> {
      await db.transaction(async (tx) => {
        await tx.delete(setFindings).where(findingsOf(workspace, set, check.hash))
        await tx.delete(setChecks).where(checkOf(workspace, set, check.hash))
        await tx
          .insert(setChecks)
          .values({ ...check, setId: set, workspaceId: workspace, doctor: doctorVersion, checkedAt: now() })
        for (const [position, finding] of findings.entries())
          await tx
            .insert(setFindings)
            .values({ ...finding, setId: set, workspaceId: workspace, hash: check.hash, position })
        const old = await tx
          .select({ hash: setChecks.hash })
          .from(setChecks)
          .where(and(eq(setChecks.workspaceId, workspace), eq(setChecks.setId, set)))
          .orderBy(desc(setChecks.checkedAt))
          .offset(mostKept)
        const gone = old.map((one) => one.hash)
        if (gone.length === 0) return
        await tx.delete(setFindings).where(and(eq(setFindings.setId, set), inArray(setFindings.hash, gone)))
        await tx.delete(setChecks).where(and(eq(setChecks.setId, set), inArray(setChecks.hash, gone)))
      })
    },

    /** The cases of a finding in the content that was checked last; null where none was, none of them where it had nothing of the kind. */
    async latest(
      workspace: string,
      set: string,
      kind: FindingKind,
    ): Promise<{ hash: string; cases: FoundCase[] } | null> {
      const [check] = await db
        .select({ hash: setChecks.hash })
        .from(setChecks)
        .where(and(eq(setChecks.workspaceId, workspace), eq(setChecks.setId, set)))
        .orderBy(desc(setChecks.checkedAt))
        .limit(1)
      if (!check) return null
      const [found] = await db
        .select({ cases: setFindings.cases })
        .from(setFindings)
        .where(and(findingsOf(workspace, set, check.hash), eq(setFindings.kind, kind)))
      return { hash: check.hash, cases: found ? (JSON.parse(found.cases) as FoundCase[]) : [] }
    },

    /** All cases of a finding. Throws `not-found`. */
    async cases(
      workspace: string,
      set: string,
      hash: string,
      kind: string,
    ): Promise<{ cases: FoundCase[]; ways: readonly FixWay[] }> {
      const [found] = await db
        .select()
        .from(setFindings)
        .where(and(findingsOf(workspace, set, hash), eq(setFindings.kind, kind)))
      if (!found) throw new BotloomError('not-found', { what: 'finding' })
      return { cases: JSON.parse(found.cases) as FoundCase[], ways: found.ways }
    },
  }
}
