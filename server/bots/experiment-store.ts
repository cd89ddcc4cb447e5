import { and, desc, eq, isNull } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { ExperimentRequest, ExperimentView, StopExperimentRequest } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { experiments } from '#server/db/schema/bots.ts'
import { newId } from '#server/new-id.ts'
import { compareArms, leastPerArm } from './compare-arms.ts'
import type { ExperimentFigures } from './experiment-figures.ts'
import type { Author, VersionStore } from './version-store.ts'

export type ExperimentStore = ReturnType<typeof createExperimentStore>

/** Experiments of bots: at most one runs at a time, and what was found out by one stays to be read. */
export function createExperimentStore(deps: {
  db: Database
  versions: Pick<VersionStore, 'current' | 'load' | 'lock' | 'place'>
  figures: ExperimentFigures
  now?: () => Date
}) {
  const { db, versions, figures } = deps
  const now = deps.now ?? (() => new Date())
  const ofBot = (workspace: string, bot: string) =>
    and(eq(experiments.workspaceId, workspace), eq(experiments.botId, bot))

  async function toView(row: typeof experiments.$inferSelect): Promise<ExperimentView> {
    const found = await figures(row.workspaceId, row.id)
    return {
      id: row.id,
      a: { version: row.versionA, share: 1 - row.shareB / 100, figures: found.a },
      b: { version: row.versionB, share: row.shareB / 100, figures: found.b },
      startedAt: row.startedAt.toISOString(),
      startedBy: row.startedByName,
      ended:
        row.endedAt === null
          ? null
          : { at: row.endedAt.toISOString(), by: row.endedByName ?? '', kept: row.kept ?? row.versionA },
      ...compareArms(found.a, found.b),
      leastPerArm,
    }
  }

  return {
    /** All that there were, the newest first. */
    async list(workspace: string, bot: string): Promise<ExperimentView[]> {
      const rows = await db
        .select()
        .from(experiments)
        .where(ofBot(workspace, bot))
        .orderBy(desc(experiments.startedAt), desc(experiments.id))
        .limit(100)
      const views: ExperimentView[] = []
      for (const row of rows) views.push(await toView(row))
      return views
    },

    /**
     * From now on a share of new conversations gets another version than the live one. Throws `experiment-running`,
     * `experiment-same-version`, `bot-unpublished`.
     */
    async start(
      workspace: string,
      bot: string,
      { version, share }: ExperimentRequest,
      author: Author,
    ): Promise<ExperimentView> {
      await versions.load(workspace, bot, version)
      const row = await db.transaction(async (tx) => {
        await versions.lock(tx, workspace, bot)
        const live = await versions.current(workspace, bot, tx)
        if (live === null) throw new BotloomError('bot-unpublished')
        if (live === version) throw new BotloomError('experiment-same-version', { version })
        const running = await tx
          .select({ id: experiments.id })
          .from(experiments)
          .where(and(ofBot(workspace, bot), isNull(experiments.endedAt)))
        if (running.length > 0) throw new BotloomError('experiment-running')
        const [stored] = await tx
          .insert(experiments)
          .values({
            id: newId('exp'),
            workspaceId: workspace,
            botId: bot,
            versionA: live,
            versionB: version,
            shareB: share,
            startedAt: now(),
            startedBy: author.id,
            startedByName: author.name,
          })
          .returning()
        return stored!
      })
      return toView(row)
    },

    /** Ends it: one of the two versions is live for everybody who comes. Throws `not-found`, `experiment-ended`. */
    async stop(
      workspace: string,
      bot: string,
      id: string,
      { keep, open }: StopExperimentRequest,
      author: Author,
    ): Promise<ExperimentView> {
      const mine = and(ofBot(workspace, bot), eq(experiments.id, id))
      await db.transaction(async (tx) => {
        await versions.lock(tx, workspace, bot)
        const [row] = await tx.select().from(experiments).where(mine)
        if (!row) throw new BotloomError('not-found', { what: 'experiment' })
        if (row.endedAt !== null) throw new BotloomError('experiment-ended')
        const version = keep === 'a' ? row.versionA : row.versionB
        await versions.place(tx, workspace, bot, version, { environment: 'live', open, endExperiment: true }, author)
      })
      const [row] = await db.select().from(experiments).where(mine)
      return toView(row!)
    },
  }
}
