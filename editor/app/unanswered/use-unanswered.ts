import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { showError, showToast } from '../ui/toast.tsx'

const askAgainMs = 700

/** What is taken back together, and what it is called. */
interface Done {
  messages: string[]
  words: string
}

/** The groups of what was not understood, and what a person makes of them; the last step first can be taken back. */
export function useUnanswered(bot: string, filter: { days: number; language?: string }) {
  const { t } = useTranslation('unanswered')
  const [done, setDone] = useState<readonly Done[]>([])
  const [busy, setBusy] = useState(false)
  const query = useQuery({
    queryKey: keys.unansweredGroups(bot, filter),
    queryFn: () => api.unanswered(bot, filter),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? askAgainMs : false),
  })

  const inTurn = async (work: () => Promise<Done | null>): Promise<boolean> => {
    setBusy(true)
    try {
      const step = await work()
      if (step) {
        setDone((before) => [...before, step])
        showToast(step.words)
      }
      await Promise.all(
        [keys.unanswered(bot), ['sets'], ['rows']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      )
      return true
    } catch (error) {
      showError(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  const last = done.at(-1)
  return {
    query,
    busy,
    teach: (messages: readonly string[], set: string, label: string) =>
      inTurn(async () => {
        const answer = await api.teachUnanswered(bot, { messages: [...messages], set, label })
        return { messages: answer.messages, words: t('done.taught', { count: answer.messages.length, topic: label }) }
      }),
    dismiss: (messages: readonly string[]) =>
      inTurn(async () => {
        const answer = await api.dismissUnanswered(bot, [...messages])
        return { messages: answer.messages, words: t('done.dismissed', { count: answer.messages.length }) }
      }),
    last,
    undo: () =>
      inTurn(async () => {
        await api.undoUnanswered(bot, last!.messages)
        setDone((before) => before.slice(0, -1))
        showToast(t('undone', { count: last!.messages.length }))
        return null
      }),
    again: async () => {
      try {
        queryClient.setQueryData(
          keys.unansweredGroups(bot, filter),
          await api.unanswered(bot, { ...filter, again: true }),
        )
      } catch (error) {
        showError(error)
      }
    },
  }
}
