import { and, count, eq, inArray } from 'drizzle-orm'
import type { BotDetail, BotSummary } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { versions } from '#server/db/schema/bots.ts'
import { conversations } from '#server/db/schema/conversations.ts'
import type { BotRow } from './bot-store.ts'

/** Bots as the list shows them, with the figures of their current versions. */
export async function toBotDetails(db: Database, workspace: string, rows: readonly BotRow[]): Promise<BotDetail[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const talks = await db
    .select({ bot: conversations.botId, count: count() })
    .from(conversations)
    .where(
      and(
        eq(conversations.workspaceId, workspace),
        inArray(conversations.botId, ids),
        eq(conversations.isTry, false),
        eq(conversations.environment, 'live'),
      ),
    )
    .groupBy(conversations.botId)
  const published = await db
    .select({
      bot: versions.botId,
      version: versions.version,
      accuracy: versions.accuracy,
      createdAt: versions.createdAt,
    })
    .from(versions)
    .where(and(eq(versions.workspaceId, workspace), inArray(versions.botId, ids)))
  return rows.map((row) => {
    const current = published.find((line) => line.bot === row.id && line.version === row.currentVersion)
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      template: row.template,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      published: current ? { version: current.version, at: current.createdAt.toISOString() } : null,
      conversations: talks.find((line) => line.bot === row.id)?.count ?? 0,
      accuracy: current?.accuracy ?? null,
      origins: row.origins,
      allowServerCallers: row.allowServerCallers,
      look: row.look,
      hasIdentitySecret: row.identitySecret !== null,
      verifiedOnly: row.verifiedOnly,
    }
  })
}

export function toBotSummary(detail: BotDetail): BotSummary {
  const { id, slug, name, template, createdAt, updatedAt, published, conversations, accuracy } = detail
  return { id, slug, name, template, createdAt, updatedAt, published, conversations, accuracy }
}
