import { and, eq, isNull } from 'drizzle-orm'
import type { Environment } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { bots, experiments } from '#server/db/schema/bots.ts'
import { armOf } from './experiment-arm.ts'

export type Arm = 'a' | 'b'
export interface ChosenVersion {
  version: number
  /** The experiment that gave it; null where none runs. */
  drawn: { experiment: string; arm: Arm } | null
}
/**
 * The version that a conversation of an environment gets, when it begins and when it begins anew; null where none is there. In an
 * experiment `subject` alone decides, so whoever asks again for the same one gets the same.
 */
export type ChooseVersion = (
  workspace: string,
  bot: string,
  who: { environment: Environment; subject: string },
) => Promise<ChosenVersion | null>

/** The one place that says which version somebody meets. */
export function createVersionChoice({ db }: { db: Database }): ChooseVersion {
  return async (workspace, bot, { environment, subject }) => {
    const [row] = await db
      .select({
        live: bots.currentVersion,
        test: bots.testVersion,
        experiment: experiments.id,
        a: experiments.versionA,
        b: experiments.versionB,
        shareB: experiments.shareB,
      })
      .from(bots)
      .leftJoin(experiments, and(eq(experiments.botId, bots.id), isNull(experiments.endedAt)))
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    if (!row) return null
    if (environment === 'test') return row.test === null ? null : { version: row.test, drawn: null }
    if (row.live === null) return null
    const { experiment, a, b, shareB } = row
    if (experiment === null || a === null || b === null || shareB === null) return { version: row.live, drawn: null }
    const arm = armOf(experiment, subject, shareB)
    return { version: arm === 'a' ? a : b, drawn: { experiment, arm } }
  }
}
