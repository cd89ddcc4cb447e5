import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { blockName } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import { useDraft } from '#editor/document/store.ts'
import { isGoingOn, useLiveRun } from '#editor/insights/live-run.ts'
import { RunPanel } from '#editor/insights/run-panel.tsx'
import { RunTimeline } from '#editor/insights/run-timeline.tsx'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { pipelineOrder } from '#runtime/graph/topology.ts'
import type { RunView } from '#server/api/dto.ts'
import { api, errorWords } from '../api.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './canvas-page.module.css'

/** The run that goes on, or the last one: its curve and its blocks. */
export function RunTab({ bot: given }: { bot: string }) {
  const { t } = useTranslation('bot')
  const { bot = given } = useParams()
  const live = useLiveRun()
  const document = useDraft((state) => state.document)
  const { nodes } = document
  const runs = useQuery({ queryKey: keys.runs(bot), queryFn: () => api.runs(bot) })
  const run = runs.data?.find((one) => one.id === live.run) ?? runs.data?.[0]
  const nameOf = (id: string) => (nodes[id] ? blockName(nodes[id]) : id)
  if (runs.isPending) return <div className="bl-skeleton" style={{ height: 120, margin: 16 }} />
  if (!run) return <p className={styles.none}>{t('run.none')}</p>

  const view = {
    ...run,
    nodes: inOrder(run.nodes, document).map((node) => {
      const now = run.id === live.run ? live.nodes[node.node] : undefined
      if (!now) return node
      const notes = now.notes.length > node.notes.length ? now.notes : node.notes
      // A block that is reused tells nothing of itself: the run says it.
      const status = now.status === 'queued' ? node.status : now.status
      return { ...node, status, progress: now.progress ?? node.progress, notes }
    }),
  }
  return (
    <div className={styles.run}>
      {live.run === run.id && (
        <div className={styles.runLive}>
          <RunPanel bot={bot} nameOf={nameOf} />
          {isGoingOn(live.status) && <NotifyButton />}
        </div>
      )}
      <div className={styles.runBlocks}>
        {run.failure && (
          <Notice tone="error">
            <strong>
              {run.failure.node && `${nameOf(run.failure.node)}: `}
              {errorWords(run.failure).message}
            </strong>
            <span>{errorWords(run.failure).remedy}</span>
            <span className="bl-notice__code">{run.failure.code}</span>
          </Notice>
        )}
        <RunTimeline run={view} nameOf={nameOf} />
      </div>
    </div>
  )
}

/** As the data flows, so that the bars follow each other; blocks that are gone from the draft come last. */
function inOrder(nodes: RunView['nodes'], document: GraphDocument): RunView['nodes'] {
  const { order } = pipelineOrder(document, registry)
  const place = (node: string) => {
    const at = order.indexOf(node)
    return at < 0 ? order.length : at
  }
  return [...nodes].sort((a, b) => place(a.node) - place(b.node))
}

/** Asks the browser for the permission to tell when a run is done, once and only on request. */
function NotifyButton() {
  const { t } = useTranslation('bot')
  const [asked, setAsked] = useState(!('Notification' in window) || Notification.permission !== 'default')
  if (asked) return null
  return (
    <Button
      size="small"
      variant="plain"
      onClick={async () => {
        await Notification.requestPermission()
        setAsked(true)
      }}
    >
      {t('notify')}
    </Button>
  )
}
