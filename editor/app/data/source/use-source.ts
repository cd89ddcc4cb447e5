import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { SourceView } from '#server/api/dto.ts'
import { queryClient } from '../../query.ts'
import { refreshSet } from '../refresh-set.ts'
import { sourceCalls, sourceKeys } from './source-calls.ts'

const askEvery = 700

/** The kept sources of a set, looked at again while one of them is imported; the set's rows follow when it is done. */
export function useSources(set: string): { sources: SourceView[]; error: unknown } {
  const { data, error } = useQuery({
    queryKey: sourceKeys.sources(set),
    queryFn: () => sourceCalls.list(set),
    refetchInterval: (query) => (query.state.data?.some(({ state }) => state === 'running') ? askEvery : false),
  })
  const running = data?.filter(({ state }) => state === 'running').length ?? 0
  const before = useRef(0)
  useEffect(() => {
    if (running < before.current) void refreshSet(set)
    before.current = running
  }, [running, set])
  return { sources: data ?? [], error }
}

/** Begins or ends something of a source, and looks at all of them again. */
export async function changeSource(set: string, work: () => Promise<unknown>): Promise<void> {
  await work()
  await queryClient.invalidateQueries({ queryKey: sourceKeys.sources(set) })
}
