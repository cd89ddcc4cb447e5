import { useEffect } from 'react'
import { takePart } from '#editor/document/presence.ts'
import { selection } from '#editor/document/selection.ts'
import { draft, guardDraft, receiveStudioEvent, thisTab } from '#editor/document/store.ts'
import { useLiveRun } from '#editor/insights/live-run.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import { api, streams } from '../api.ts'
import { readEventStream } from '../event-stream.ts'
import { keys, queryClient } from '../query.ts'
import { setServerReached } from '../shell/offline-banner.tsx'
import { markDone } from './checklist-state.ts'

/** Opens a bot's draft and its stream of events while the bot's pages are shown. */
export function useBotSession(bot: string, onEvent: (event: StudioEvent) => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one session a bot, whatever the callback's identity
  useEffect(() => {
    void draft.open(bot)
    const stopGuard = guardDraft()
    const tab = thisTab().id
    const part = takePart({
      tab,
      block: () => selection.getState().nodes[0] ?? null,
      onBlock: (changed) => selection.subscribe(changed),
      tell: (block) => api.tellPlace(bot, { tab, block }),
    })
    const stream = new AbortController()
    void readEventStream({
      url: streams.studio(bot, tab),
      signal: stream.signal,
      onEvent: (data) => {
        const event: StudioEvent = JSON.parse(data)
        receiveStudioEvent(event)
        part.receive(event)
        useLiveRun.getState().receive(event)
        refresh(bot, event)
        onEvent(event)
      },
      onState: (state) => {
        setServerReached(state !== 'lost')
        if (state === 'lost') part.forgetAll()
        // A run may have begun or ended while nobody listened.
        if (state === 'open') void queryClient.invalidateQueries({ queryKey: keys.runs(bot) })
      },
    })
    return () => {
      stream.abort()
      part.stop()
      stopGuard()
      draft.close()
      useLiveRun.getState().clear()
      setServerReached(true)
    }
  }, [bot])
}

/** Which answers an event makes old. */
function refresh(bot: string, event: StudioEvent) {
  const old = (queryKey: readonly unknown[]) => void queryClient.invalidateQueries({ queryKey })
  switch (event.type) {
    case 'run.started':
    case 'node.settled':
    case 'node.failed':
      old(keys.runs(bot))
      return
    case 'run.ended':
      old(keys.runs(bot))
      old(keys.publishPreview(bot))
      old(keys.tests(bot))
      old(keys.unanswered(bot))
      old(keys.bots)
      if (event.status === 'done') markDone(bot, 'run')
      return
    case 'version.published':
      old(keys.versions(bot))
      old(keys.publishPreview(bot))
      old(keys.bots)
      return
    case 'draft.facts':
      old(keys.sets(bot))
      old(['report-edits', bot])
      old(keys.publishPreview(bot))
      return
    case 'draft.changed':
      old(keys.publishPreview(bot))
      old(keys.tests(bot))
      return
    default:
      return
  }
}
