import { and, asc, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { CannedReply } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { cannedReplies } from '#server/db/schema/conversations.ts'
import { newId } from '#server/new-id.ts'

/** Most prepared answers of a workspace. */
const most = 500

/** Prepared answers of a workspace's people. */
export function createCannedReplies(db: Database) {
  const columns = { id: cannedReplies.id, title: cannedReplies.title, text: cannedReplies.text }
  const own = (workspace: string, id: string) => and(eq(cannedReplies.workspaceId, workspace), eq(cannedReplies.id, id))
  return {
    list(workspace: string): Promise<CannedReply[]> {
      return db
        .select(columns)
        .from(cannedReplies)
        .where(eq(cannedReplies.workspaceId, workspace))
        .orderBy(asc(cannedReplies.title))
        .limit(most)
    },
    async add(workspace: string, reply: Omit<CannedReply, 'id'>): Promise<CannedReply> {
      const kept = { id: newId('can'), ...reply }
      await db.insert(cannedReplies).values({ ...kept, workspaceId: workspace })
      return kept
    },
    async change(workspace: string, id: string, reply: Omit<CannedReply, 'id'>): Promise<CannedReply> {
      const [kept] = await db.update(cannedReplies).set(reply).where(own(workspace, id)).returning(columns)
      if (!kept) throw new BotloomError('not-found', { what: 'canned reply' })
      return kept
    },
    async remove(workspace: string, id: string): Promise<void> {
      const gone = await db.delete(cannedReplies).where(own(workspace, id)).returning(columns)
      if (gone.length === 0) throw new BotloomError('not-found', { what: 'canned reply' })
    },
  }
}
