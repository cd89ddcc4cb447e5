import { hashOf } from '#runtime/graph/canonical.ts'
import type { ChatTestView } from '#server/api/dto.ts'
import type { VersionStore } from '#server/bots/version-store.ts'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import { runTest } from './run-test.ts'
import type { TestStore } from './test-store.ts'

export type TestRunner = ReturnType<typeof createTestRunner>

/** Runs a bot's tests against its draft as it is now, with the draft's newest model. */
export function createTestRunner(deps: {
  tests: TestStore
  versions: Pick<VersionStore, 'fromDraft'>
  conversations: Pick<ConversationService, 'pinDraft' | 'talker'>
  now?: () => Date
}) {
  const { tests, versions, conversations } = deps
  const now = deps.now ?? (() => new Date())

  async function draftOf(workspace: string, bot: string) {
    const draft = await versions.fromDraft(workspace, bot)
    return { draft, hash: hashOf({ content: draft.contentHash, classifiers: draft.classifiers }) }
  }

  return {
    /** All tests of a bot, each with how it went last. */
    async list(workspace: string, bot: string): Promise<ChatTestView[]> {
      const { hash } = await draftOf(workspace, bot)
      return tests.list(workspace, bot, hash)
    },

    /** Throws `not-found` for what is no test of this bot, and what compiling the draft throws. */
    async run(workspace: string, bot: string, ids: readonly string[]): Promise<ChatTestView[]> {
      const chosen = await tests.get(workspace, bot, ids)
      const { draft, hash } = await draftOf(workspace, bot)
      const talker = await conversations.talker(workspace, bot, await conversations.pinDraft(workspace, bot, draft))
      const at = now().toISOString()
      const results = await Promise.all(
        chosen.map(async (test) => ({ test, result: { ...(await runTest(test, talker)), at } })),
      )
      await tests.saveResults(workspace, bot, hash, results)
      return results.map(({ test, result }) => ({ ...test, result, fresh: true }))
    },
  }
}
