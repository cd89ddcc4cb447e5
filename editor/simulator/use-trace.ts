import { useQuery } from '@tanstack/react-query'
import { api } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'

/** Why a turn went as it did; a turn that is over never changes. */
export function useTrace(conversation: string | undefined, turn: string | undefined) {
  return useQuery({
    queryKey: keys.trace(conversation ?? '', turn ?? ''),
    queryFn: () => api.trace(conversation ?? '', turn ?? ''),
    enabled: conversation !== undefined && turn !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
