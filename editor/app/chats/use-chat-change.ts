import { useState } from 'react'
import type { ChatDetail } from '#server/api/dto.ts'
import { keys, queryClient } from '../query.ts'
import { showError } from '../ui/toast.tsx'

/** Does something to a chat, one thing at a time, and shows what became of it. True where it went well. */
export function useChatChange(chat: string) {
  const [busy, setBusy] = useState<string | null>(null)
  const change = async (what: string, perform: () => Promise<ChatDetail>): Promise<boolean> => {
    setBusy(what)
    try {
      queryClient.setQueryData<ChatDetail>(keys.chat(chat), await perform())
      return true
    } catch (error) {
      showError(error)
      void queryClient.invalidateQueries({ queryKey: keys.chat(chat) })
      return false
    } finally {
      setBusy(null)
      for (const queryKey of [keys.chats, keys.waiting]) void queryClient.invalidateQueries({ queryKey })
    }
  }
  return { busy, change }
}
