import { useStore } from 'zustand'
import type { ChatDetail, Message } from '#server/api/dto.ts'
import { ApiError, api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { createOutbox, type Outgoing } from './outbox.ts'

/** The answers that this tab has on their way. */
export const answers = createOutbox<{ message: Message }>({
  send: api.answerChat,
  onSent: (chat, { message }) => {
    queryClient.setQueryData<ChatDetail>(
      keys.chat(chat),
      (before) =>
        before && {
          ...before,
          messages: [...before.messages.filter(({ id }) => id !== message.id), message],
        },
    )
    for (const queryKey of [keys.chat(chat), keys.chats, keys.waiting]) void queryClient.invalidateQueries({ queryKey })
  },
  isPassing: (error) =>
    error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500),
  storage: sessionStorage,
  makeId: () => crypto.randomUUID(),
})

const none: Outgoing[] = []

export function useOutgoing(chat: string): readonly Outgoing[] {
  return useStore(answers.store, (state) => state[chat] ?? none)
}
