import { queryClient } from '../query.ts'

/** All that is shown of a set is asked for anew. */
export const refreshSet = (set: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['sets'] }),
    queryClient.invalidateQueries({ queryKey: ['rows', set] }),
  ])
