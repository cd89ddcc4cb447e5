import type { ReplayedChat, ReplayPage } from '#server/api/dto.ts'
import type { VersionStore } from '#server/bots/version-store.ts'
import type { PastChat } from '#server/conversations/conversation-rows.ts'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import type { Pin } from '#server/conversations/program-cache.ts'
import { runTest } from './run-test.ts'

/** Conversations of one answer: a few seconds of a model on a small machine. */
const pageSize = 10

export type ReplayRecent = (
  workspace: string,
  bot: string,
  /** Chats that began before (ISO 8601), and the version that they are said to; left out for the draft. */
  of: { before?: string; version?: number },
) => Promise<ReplayPage>

/**
 * Says to the draft with its newest model, or to a version, what visitors said lately, and tells where it answers otherwise than they
 * were answered.
 * Nothing is stored and nobody is called.
 */
export function createReplayRecent(deps: {
  versions: Pick<VersionStore, 'fromDraft'>
  conversations: Pick<ConversationService, 'pinDraft' | 'talker' | 'recent'>
}): ReplayRecent {
  const { versions, conversations } = deps
  const pinOf = async (workspace: string, bot: string, version: number | undefined): Promise<Pin> =>
    version === undefined
      ? conversations.pinDraft(workspace, bot, await versions.fromDraft(workspace, bot))
      : { version }
  return async (workspace, bot, { before, version }) => {
    const talker = await conversations.talker(workspace, bot, await pinOf(workspace, bot, version))
    const chats = await conversations.recent(workspace, bot, before ?? null, pageSize)
    const differing: ReplayedChat[] = []
    for (const chat of chats) {
      // Held at its own time and with its own lots, so that only what was edited makes a difference.
      const { difference, said } = await runTest(toTest(chat), talker, chat.id)
      if (!difference) continue
      const turn = chat.turns[difference.turn]!
      differing.push({
        chat: chat.id,
        at: chat.startedAt,
        user: turn.user?.text ?? null,
        before: turn.replies,
        after: said[difference.turn] ?? [],
      })
    }
    return {
      checked: chats.length,
      differing,
      next: chats.length < pageSize ? null : (chats.at(-1)?.startedAt ?? null),
    }
  }
}

function toTest({ language, startedAt, turns }: PastChat): Parameters<typeof runTest>[0] {
  return {
    name: '',
    language,
    now: startedAt,
    turns: turns.map(({ user, replies, outside }) => ({
      user,
      replies: replies.map((text) => ({ pieces: [text] })),
      outside,
    })),
  }
}
