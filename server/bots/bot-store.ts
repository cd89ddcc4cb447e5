import { and, asc, eq, sql } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { Look } from '#kit/look.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import type { Database } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { newId } from '#server/new-id.ts'
import type { DraftStore } from './draft-store.ts'

export type BotRow = typeof bots.$inferSelect
export interface BotChange {
  name?: string
  origins?: string[]
  allowServerCallers?: boolean
  look?: Partial<Look>
  /** Sealed. */
  identitySecret?: string | null
  verifiedOnly?: boolean
}

export type BotStore = ReturnType<typeof createBotStore>

/** Bots and their settings outside of the graph. Every look-up names the workspace. */
export function createBotStore(deps: { db: Database; drafts: DraftStore; now?: () => Date }) {
  const { db, drafts } = deps
  const now = deps.now ?? (() => new Date())

  async function get(workspace: string, id: string): Promise<BotRow> {
    const [bot] = await db
      .select()
      .from(bots)
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, id)))
    if (!bot) throw new BotloomError('not-found', { what: 'bot' })
    return bot
  }

  return {
    get,

    async list(workspace: string): Promise<BotRow[]> {
      return db.select().from(bots).where(eq(bots.workspaceId, workspace)).orderBy(asc(bots.createdAt))
    },

    /** By its public name, of whatever workspace: for `/v1`, which knows nothing else. */
    async findBySlug(slug: string): Promise<BotRow | null> {
      const [bot] = await db.select().from(bots).where(eq(bots.slug, slug))
      return bot ?? null
    },

    /** A bot and its draft in one transaction: there is never the one without the other. */
    async create(
      workspace: string,
      given: {
        id?: string
        name: string
        slug?: string
        template?: string
        origins?: string[]
        allowServerCallers?: boolean
        document?: GraphDocument
      },
    ): Promise<BotRow> {
      const id = given.id ?? newId('bot')
      return db.transaction(async (tx) => {
        const slug = given.slug ?? (await freeSlug(given.name))
        const [bot] = await tx
          .insert(bots)
          .values({
            id,
            workspaceId: workspace,
            slug,
            name: given.name,
            template: given.template ?? null,
            origins: given.origins ?? [],
            allowServerCallers: given.allowServerCallers ?? false,
            createdAt: now(),
            updatedAt: now(),
          })
          .returning()
        await drafts.create(tx, workspace, id, given.document ?? emptyDocument(id))
        return bot!

        async function freeSlug(name: string): Promise<string> {
          const base = slugOf(name)
          for (let n = 1; ; n++) {
            const slug = n === 1 && base !== '' ? base : `${base || 'bot'}-${newId('bot').slice(4, 10)}`
            const taken = await tx.select({ id: bots.id }).from(bots).where(eq(bots.slug, slug))
            if (taken.length === 0) return slug
          }
        }
      })
    },

    async change(workspace: string, id: string, change: BotChange): Promise<BotRow> {
      await get(workspace, id)
      const [bot] = await db
        .update(bots)
        .set({ ...change, updatedAt: now() })
        .where(and(eq(bots.workspaceId, workspace), eq(bots.id, id)))
        .returning()
      return bot!
    },

    /** The key before opens nothing any more. */
    async renewTestKey(workspace: string, id: string): Promise<void> {
      await get(workspace, id)
      await db
        .update(bots)
        .set({ testKeySerial: sql`${bots.testKeySerial} + 1` })
        .where(and(eq(bots.workspaceId, workspace), eq(bots.id, id)))
    },

    async touch(workspace: string, id: string): Promise<void> {
      await db
        .update(bots)
        .set({ updatedAt: now() })
        .where(and(eq(bots.workspaceId, workspace), eq(bots.id, id)))
    },
  }
}

/** A name in an address: small Latin letters, digits and hyphens; empty when nothing of the name is left. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
}
