import { inArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { ArtifactFolder } from '#runtime/worker/artifacts.ts'
import type { Database, OpenDatabase } from '#server/db/client.ts'
import { versions } from '#server/db/schema/bots.ts'
import { draftPins } from '#server/db/schema/conversations.ts'
import { nodeResults, runs } from '#server/db/schema/runs.ts'

const portion = 100

/** Every artifact that a row of our store names: results, runs with their reports, versions and drafts that somebody tries. */
export async function namedArtifacts(db: Database): Promise<Set<string>> {
  const found = new Set<string>()
  /** A portion of rows at a time, so that no look over long rows holds up a conversation. */
  async function gather(table: PgTable, key: PgColumn, text: PgColumn): Promise<void> {
    const keys = await db.selectDistinct({ key }).from(table)
    const hash: SQL<string> = sql`(regexp_matches(${text}::text, '[0-9a-f]{64}', 'g'))[1]`
    for (let at = 0; at < keys.length; at += portion) {
      const few = keys.slice(at, at + portion).map((row) => row.key)
      for (const row of await db.selectDistinct({ hash }).from(table).where(inArray(key, few))) found.add(row.hash)
    }
  }
  await gather(nodeResults, nodeResults.seq, nodeResults.outputs)
  await gather(runs, runs.id, runs.snapshot)
  await gather(versions, versions.botId, versions.classifiers)
  await gather(draftPins, draftPins.hash, draftPins.classifiers)
  return found
}

/** Longer than any server takes from writing an artifact to naming it. */
const surelyNamed = 3_600_000

/**
 * Takes off the disk what no row names. Only while this server carries out nothing: what a block has just written is named
 * later. Of other servers on the same database nobody here knows what they do, so what is young is left to a later sweep.
 */
export async function sweepArtifacts(deps: { database: OpenDatabase; artifacts: ArtifactFolder }): Promise<void> {
  const { database, artifacts } = deps
  await artifacts.keepOnly(await namedArtifacts(database.db), database.kind === 'postgres' ? surelyNamed : 0)
}
