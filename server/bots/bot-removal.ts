import { and, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { VisitorFiles } from '#server/conversations/visitor-files.ts'
import type { FileStore } from '#server/data/file-store.ts'
import type { Database } from '#server/db/client.ts'
import {
  bots as bot,
  botSecrets,
  chatTests,
  draftDiffs,
  drafts,
  experiments,
  versions,
} from '#server/db/schema/bots.ts'
import { channelConnections, channelInbox, channelThreads } from '#server/db/schema/channels.ts'
import {
  conversationNotes,
  conversationRatings,
  conversations,
  draftPins,
  handoffs,
  messages,
  outbox,
  tryTurns,
  visitorFiles as visitorFileRows,
  visitors,
} from '#server/db/schema/conversations.ts'
import { events } from '#server/db/schema/events.ts'
import { conversationDays, conversationFacts } from '#server/db/schema/insights.ts'
import { nodeResults, runs as runRows } from '#server/db/schema/runs.ts'
import { setLabels, setRevisions, setRows, sets } from '#server/db/schema/sets.ts'
import { unansweredMarks } from '#server/db/schema/unanswered.ts'
import { webhookDeliveries, webhookEndpoints } from '#server/db/schema/webhooks.ts'
import type { RunService } from '#server/jobs/run-service.ts'
import { feedTopic } from '#server/realtime/conversation-feed.ts'
import type { BotStore } from './bot-store.ts'

const portion = 1_000
const conversationsAtOnce = 200

export type RemoveBot = (workspace: string, id: string) => Promise<void>

/**
 * Deletes a bot with all that is its own: conversations, records, runs, versions, uploads. In portions, so that nobody else
 * waits; the bot's own row goes last, so that a removal which was cut off can be asked for again. Throws `not-found`.
 */
export function createBotRemoval(deps: {
  db: Database
  bots: BotStore
  runs: Pick<RunService, 'cancel'>
  files: FileStore
  visitorFiles: VisitorFiles
  /** Takes off the disk what no row names any more, at its time. */
  sweepArtifacts(): void
}): RemoveBot {
  const { db, bots, runs, files, visitorFiles, sweepArtifacts } = deps

  /** Until nothing is left; each portion is a transaction of its own. */
  async function clear(table: PgTable, where: SQL | undefined): Promise<void> {
    for (;;) {
      const gone = await db
        .delete(table)
        .where(sql`ctid = any(array(select ctid from ${table} where ${where} limit ${portion}))`)
        .returning({ one: sql`1` })
      if (gone.length === 0) return
    }
  }

  async function clearConversations(workspace: string, bot: string): Promise<void> {
    for (;;) {
      const found = await db
        .select({ id: conversations.id })
        .from(conversations)
        .where(and(eq(conversations.workspaceId, workspace), eq(conversations.botId, bot)))
        .limit(conversationsAtOnce)
      if (found.length === 0) return
      const ids = found.map(({ id }) => id)
      await clear(messages, inArray(messages.conversationId, ids))
      // A turn that is being saved holds its conversation's row: what it wrote is seen by the statements behind the first one.
      await db.transaction(async (tx) => {
        const gone = await tx
          .delete(conversations)
          .where(inArray(conversations.id, ids))
          .returning({ visitor: conversations.visitorId })
        await tx.delete(messages).where(inArray(messages.conversationId, ids))
        await tx.delete(tryTurns).where(inArray(tryTurns.conversationId, ids))
        await tx.delete(conversationNotes).where(inArray(conversationNotes.conversationId, ids))
        await tx.delete(conversationRatings).where(inArray(conversationRatings.conversationId, ids))
        await tx.delete(visitorFileRows).where(inArray(visitorFileRows.conversationId, ids))
        await tx.delete(outbox).where(inArray(outbox.conversationId, ids))
        await tx.delete(handoffs).where(inArray(handoffs.conversationId, ids))
        await tx.delete(webhookDeliveries).where(inArray(webhookDeliveries.conversationId, ids))
        await tx.delete(channelThreads).where(inArray(channelThreads.conversationId, ids))
        const visitorIds = gone.map(({ visitor }) => visitor)
        await tx.delete(visitors).where(inArray(visitors.id, visitorIds))
      })
      for (const id of ids) await visitorFiles.removeBytes(id)
    }
  }

  /** Ways in and addresses that are told of this bot alone. */
  async function clearConnections(workspace: string, bot: string): Promise<void> {
    const ways = await db
      .delete(channelConnections)
      .where(and(eq(channelConnections.workspaceId, workspace), eq(channelConnections.botId, bot)))
      .returning({ id: channelConnections.id })
    for (const { id } of ways) {
      await clear(channelInbox, eq(channelInbox.connectionId, id))
      await clear(channelThreads, eq(channelThreads.connectionId, id))
    }
    const told = await db
      .delete(webhookEndpoints)
      .where(and(eq(webhookEndpoints.workspaceId, workspace), eq(webhookEndpoints.botId, bot)))
      .returning({ id: webhookEndpoints.id })
    for (const { id } of told) await clear(webhookDeliveries, eq(webhookDeliveries.endpointId, id))
  }

  /** Uploads that blocks and rows name, of this bot or of all the others. */
  async function uploadsOf(whose: (bot: PgColumn) => SQL): Promise<Set<string>> {
    const named = (text: PgColumn) => ({ file: sql<string>`(regexp_matches(${text}, 'file_[0-9a-z]{16}', 'g'))[1]` })
    const found = [
      ...(await db.selectDistinct(named(drafts.document)).from(drafts).where(whose(drafts.botId))),
      ...(await db.selectDistinct(named(draftDiffs.diff)).from(draftDiffs).where(whose(draftDiffs.botId))),
      ...(await db.selectDistinct(named(versions.document)).from(versions).where(whose(versions.botId))),
      ...(await db
        .selectDistinct(named(setRows.origin))
        .from(setRows)
        .innerJoin(sets, eq(sets.id, setRows.setId))
        .where(whose(sets.botId))),
    ]
    return new Set(found.map(({ file }) => file))
  }

  async function clearUploads(workspace: string, bot: string): Promise<void> {
    const own = await uploadsOf((column) => eq(column, bot))
    if (own.size === 0) return
    const others = await uploadsOf((column) => ne(column, bot))
    for (const file of own) if (!others.has(file)) await files.remove(workspace, file)
  }

  return async (workspace, id) => {
    await bots.get(workspace, id)
    // Nobody begins a conversation with what is being taken apart.
    await db
      .update(bot)
      .set({ currentVersion: null, testVersion: null })
      .where(and(eq(bot.workspaceId, workspace), eq(bot.id, id)))
    const running = await db
      .select({ id: runRows.id })
      .from(runRows)
      .where(and(eq(runRows.botId, id), eq(runRows.status, 'running')))
    for (const run of running) await runs.cancel(workspace, run.id)
    await clearConnections(workspace, id)
    await clearUploads(workspace, id)
    await clearConversations(workspace, id)
    await clear(draftPins, eq(draftPins.botId, id))
    await clear(events, ofBot(workspace, id))
    const own = await db.select({ id: sets.id }).from(sets).where(eq(sets.botId, id))
    for (const set of own) {
      for (const table of [setRows, setRevisions, setLabels]) await clear(table, eq(table.setId, set.id))
      await db.delete(sets).where(eq(sets.id, set.id))
    }
    for (const table of [nodeResults, runRows, chatTests, botSecrets, experiments, versions, draftDiffs, drafts])
      await clear(table, eq(table.botId, id))
    await db.delete(bot).where(and(eq(bot.workspaceId, workspace), eq(bot.id, id)))
    // Begun or told while the rest went; nothing can follow, since a conversation asks for its bot's row.
    await clearConversations(workspace, id)
    // What is counted of a conversation may come behind its end.
    for (const table of [conversationFacts, conversationDays, unansweredMarks]) await clear(table, eq(table.botId, id))
    await clear(events, ofBot(workspace, id))
    sweepArtifacts()
  }
}

/** What was told of a bot, and of conversations with it. */
function ofBot(workspace: string, id: string): SQL {
  const told = and(eq(events.topic, feedTopic(workspace)), sql`${events.event} ->> 'bot' = ${id}`)
  return sql`(${events.topic} = ${`bot:${id}`} or ${told})`
}
