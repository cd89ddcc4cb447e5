import type { GroupedMessages } from '#runtime/clusters/group-messages.ts'
import type { FromClusters, ToClusters } from '#runtime/clusters/messages.ts'
import { runChild } from '#server/run-child.ts'

/** Above a training: somebody looks at the page and waits. */
const priority = 5

/** Groups messages in a process of its own, so that no conversation waits for it. Rejects with why it ended early, or the signal's reason. */
export async function runClusters(
  wanted: ToClusters,
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number) => void },
): Promise<GroupedMessages> {
  let grouped: GroupedMessages | null = null
  await runChild<ToClusters, FromClusters>({
    entry: { source: 'runtime/clusters/entry.ts', built: 'clusters.js' },
    messages: only(wanted),
    signal,
    priority,
    hear(message) {
      if ('share' in message) onShare(message.share)
      else grouped = message.grouped
      return grouped !== null
    },
  })
  if (!grouped) throw new Error('the groups were not told')
  return grouped
}

async function* only<T>(one: T): AsyncGenerator<T> {
  yield one
}
