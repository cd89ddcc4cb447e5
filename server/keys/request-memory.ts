import { createHash } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { Database } from '#server/db/client.ts'
import { apiRequests } from '#server/db/schema/api-keys.ts'
import type { ApiCaller } from './api-keys.ts'

export interface KeptAnswer {
  status: number
  body: string
}

/** Milliseconds for which an answer is kept. */
const keptFor = 24 * 3_600_000

export type RequestMemory = ReturnType<typeof createRequestMemory>

/** Answers to requests that create something, by the caller's own id of the request: what is sent twice is done once. */
export function createRequestMemory(deps: { db: Database; now?: () => Date }) {
  const { db } = deps
  const now = deps.now ?? (() => new Date())

  return {
    /**
     * Carries a request out, or gives the answer that it got before. One that fails is forgotten, so that it can be sent again.
     * Throws `idempotency-key-reused` for another request under the same id, `idempotency-key-busy` while the first is under way.
     */
    async once(
      caller: ApiCaller,
      id: string,
      request: string,
      carryOut: () => Promise<KeptAnswer>,
    ): Promise<KeptAnswer & { again: boolean }> {
      const hash = createHash('sha256').update(request).digest('hex')
      const at = now()
      await db.delete(apiRequests).where(lt(apiRequests.createdAt, new Date(at.getTime() - keptFor)))
      const mine = and(eq(apiRequests.keyId, caller.key), eq(apiRequests.id, id))
      const begun = await db
        .insert(apiRequests)
        .values({ keyId: caller.key, id, workspaceId: caller.workspace, hash, createdAt: at })
        .onConflictDoNothing()
        .returning({ id: apiRequests.id })
      if (begun.length === 0) {
        const [before] = await db.select().from(apiRequests).where(mine)
        if (before && before.hash !== hash) throw new BotloomError('idempotency-key-reused')
        if (!before || before.status === null) throw new BotloomError('idempotency-key-busy')
        return { status: before.status, body: before.answer ?? '', again: true }
      }
      try {
        const answer = await carryOut()
        if (answer.status < 300)
          await db.update(apiRequests).set({ status: answer.status, answer: answer.body }).where(mine)
        else await db.delete(apiRequests).where(mine)
        return { ...answer, again: false }
      } catch (error) {
        await db.delete(apiRequests).where(mine)
        throw error
      }
    },
  }
}
