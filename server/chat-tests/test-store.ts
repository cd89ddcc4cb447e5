import { and, asc, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { ChatTest, ChatTestView, TestResult } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { bots, chatTests } from '#server/db/schema/bots.ts'
import { newId } from '#server/new-id.ts'

export type TestStore = ReturnType<typeof createTestStore>

/** The kept conversations of bots. `talker` is a hash of all that decides what a bot says: a result holds for one of them. */
export function createTestStore({ db, now = () => new Date() }: { db: Database; now?: () => Date }) {
  const ofBot = (workspace: string, bot: string) => and(eq(chatTests.workspaceId, workspace), eq(chatTests.botId, bot))

  async function list(workspace: string, bot: string, talker: string): Promise<ChatTestView[]> {
    const rows = await db
      .select()
      .from(chatTests)
      .where(ofBot(workspace, bot))
      .orderBy(asc(chatTests.createdAt), asc(chatTests.id))
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      language: row.language,
      now: row.now,
      turns: JSON.parse(row.turns),
      updatedAt: row.updatedAt.toISOString(),
      result: row.result === null ? null : (JSON.parse(row.result) as TestResult),
      fresh: row.resultOf === talker,
    }))
  }

  return {
    list,

    /** Adds tests in this order. Throws `not-found` where the workspace has no such bot. */
    async add(workspace: string, bot: string, tests: readonly ChatTest[]): Promise<string[]> {
      if (tests.length === 0) return []
      await checkBot(workspace, bot)
      const start = now().getTime()
      const rows = tests.map((test, index) => ({
        ...toRow(workspace, bot, test),
        id: newId('tst'),
        createdAt: new Date(start + index),
        updatedAt: new Date(start),
      }))
      await db.insert(chatTests).values(rows)
      return rows.map(({ id }) => id)
    },

    /** Writes a test under its id, also one that was deleted; how it went before is forgotten. Throws `not-found`. */
    async put(workspace: string, bot: string, id: string, test: ChatTest): Promise<void> {
      await checkBot(workspace, bot)
      const at = now()
      const row = { ...toRow(workspace, bot, test), updatedAt: at }
      const written = await db
        .insert(chatTests)
        .values({ ...row, id, createdAt: at })
        .onConflictDoUpdate({ target: chatTests.id, set: row, setWhere: ofBot(workspace, bot) })
        .returning({ id: chatTests.id })
      if (written.length === 0) throw new BotloomError('not-found', { what: 'test' })
    },

    async remove(workspace: string, bot: string, id: string): Promise<void> {
      const gone = await db
        .delete(chatTests)
        .where(and(ofBot(workspace, bot), eq(chatTests.id, id)))
        .returning({ id: chatTests.id })
      if (gone.length === 0) throw new BotloomError('not-found', { what: 'test' })
    },

    /** Keeps how tests went, unless they were changed while they ran. */
    async saveResults(
      workspace: string,
      bot: string,
      talker: string,
      results: readonly { test: ChatTestView; result: TestResult }[],
    ): Promise<void> {
      await db.transaction(async (tx) => {
        for (const { test, result } of results)
          await tx
            .update(chatTests)
            .set({ result: JSON.stringify(result), resultOf: talker })
            .where(
              and(ofBot(workspace, bot), eq(chatTests.id, test.id), eq(chatTests.updatedAt, new Date(test.updatedAt))),
            )
      })
    },

    /** Tests by their ids, in the order of the list. Throws `not-found` where one of them is none of this bot. */
    async get(workspace: string, bot: string, ids: readonly string[]): Promise<ChatTestView[]> {
      const found = (await list(workspace, bot, '')).filter(({ id }) => ids.includes(id))
      if (found.length < new Set(ids).size) throw new BotloomError('not-found', { what: 'test' })
      return found
    },
  }

  async function checkBot(workspace: string, bot: string): Promise<void> {
    const [row] = await db
      .select({ id: bots.id })
      .from(bots)
      .where(and(eq(bots.workspaceId, workspace), eq(bots.id, bot)))
    if (!row) throw new BotloomError('not-found', { what: 'bot' })
  }
}

function toRow(workspaceId: string, botId: string, { name, language, now, turns }: ChatTest) {
  return { workspaceId, botId, name, language, now, turns: JSON.stringify(turns), result: null, resultOf: null }
}
