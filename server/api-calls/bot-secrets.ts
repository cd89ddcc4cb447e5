import { and, asc, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { BotSecretView } from '#server/api/dto.ts'
import type { Sealer } from '#server/auth/sealed.ts'
import type { Database } from '#server/db/client.ts'
import { botSecrets, bots } from '#server/db/schema/bots.ts'

export type BotSecrets = ReturnType<typeof createBotSecrets>

/** A bot's secrets: written by people, read by its requests alone. */
export function createBotSecrets(deps: { db: Database; sealer: Sealer; now?: () => Date }) {
  const { db, sealer } = deps
  const now = deps.now ?? (() => new Date())
  const named = (workspace: string, bot: string, name: string) =>
    and(eq(botSecrets.workspaceId, workspace), eq(botSecrets.botId, bot), eq(botSecrets.name, name))

  return {
    async list(workspace: string, bot: string): Promise<BotSecretView[]> {
      const rows = await db
        .select({ name: botSecrets.name, host: botSecrets.host, updatedAt: botSecrets.updatedAt })
        .from(botSecrets)
        .where(and(eq(botSecrets.workspaceId, workspace), eq(botSecrets.botId, bot)))
        .orderBy(asc(botSecrets.name))
      return rows.map(({ name, host, updatedAt }) => ({ name, host, updatedAt: updatedAt.toISOString() }))
    },

    /** Writes a secret, also over one of the same name. Throws `not-found` where the workspace has no such bot. */
    async put(workspace: string, bot: string, name: string, secret: { host: string; value: string }): Promise<void> {
      const row = { host: secret.host.toLowerCase(), sealed: sealer.seal(secret.value), updatedAt: now() }
      await db.transaction(async (tx) => {
        const [found] = await tx
          .select({ id: bots.id })
          .from(bots)
          .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
        if (!found) throw new BotloomError('not-found', { what: 'bot' })
        await tx
          .insert(botSecrets)
          .values({ workspaceId: workspace, botId: bot, name, ...row })
          .onConflictDoUpdate({ target: [botSecrets.botId, botSecrets.name], set: row })
      })
    },

    /** Throws `not-found`. */
    async remove(workspace: string, bot: string, name: string): Promise<void> {
      const gone = await db
        .delete(botSecrets)
        .where(named(workspace, bot, name))
        .returning({ name: botSecrets.name })
      if (gone.length === 0) throw new BotloomError('not-found', { what: 'secret' })
    },

    /** The words of a secret for a request to `url`. Throws `secret-missing`, and `secret-elsewhere` where it is for another host. */
    async reveal(workspace: string, bot: string, name: string, url: string): Promise<string> {
      const [row] = await db
        .select()
        .from(botSecrets)
        .where(named(workspace, bot, name))
      if (!row) throw new BotloomError('secret-missing', { name })
      const host = URL.canParse(url) ? new URL(url).host : ''
      if (host !== row.host) throw new BotloomError('secret-elsewhere', { name, host: row.host, asked: host })
      return sealer.open(row.sealed)
    },
  }
}
