import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CheckView, SetSummary } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys, queryClient } from '../../query.ts'
import { showError } from '../../ui/toast.tsx'

const askAgainMs = 500

/** What the doctor says of a set: asked for when it is looked at, and anew whenever the set has changed. `last` stands until then. */
export function useCheck(set: SetSummary) {
  const [last, setLast] = useState<CheckView | null>(null)
  const [stopped, setStopped] = useState<string | null>(null)
  const asked = useRef<string | null>(null)
  const query = useQuery({
    queryKey: keys.check(set.id, contentOf(set)),
    queryFn: () => api.check(set.id),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? askAgainMs : false),
  })
  const view = query.data

  const start = async () => {
    setStopped(null)
    try {
      queryClient.setQueryData(keys.check(set.id, contentOf(set)), await api.startCheck(set.id))
    } catch (error) {
      showError(error)
    }
  }
  const cancel = async () => {
    try {
      const now = await api.cancelCheck(set.id)
      setStopped(now.hash)
      queryClient.setQueryData(keys.check(set.id, contentOf(set)), now)
    } catch (error) {
      showError(error)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each content; a check that failed or was stopped is begun by a person
  useEffect(() => {
    if (view?.state === 'done') setLast(view)
    if (view?.state !== 'none' || query.isPlaceholderData || asked.current === view.hash) return
    asked.current = view.hash
    void start()
  }, [view, query.isPlaceholderData])

  return {
    view,
    last: view?.state === 'done' ? view : last,
    stopped: stopped === view?.hash,
    error: query.error,
    start,
    cancel,
  }
}

/** Rows and names: either makes other findings. */
function contentOf({ revision, labels }: SetSummary): string {
  return `${revision} ${labels.map(({ name }) => name).join('\n')}`
}
