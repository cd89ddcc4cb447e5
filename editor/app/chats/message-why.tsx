import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { registry } from '#editor/document/registry.ts'
import { useTrace } from '#editor/simulator/use-trace.ts'
import { WhyTrace } from '#editor/simulator/why-trace.tsx'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { ChatDetail } from '#server/api/dto.ts'
import { ApiError, api } from '../api.ts'
import { keys } from '../query.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import styles from './log.module.css'

/** Why the bot said this, with the blocks of the version that the visitor talks with; a block leads to the canvas. */
export function MessageWhy({ chat, message }: { chat: ChatDetail; message: string }) {
  const { t } = useTranslation('chats')
  const navigate = useNavigate()
  const why = useTrace(chat.id, message)
  const version = chat.version ?? 0
  const walked = useQuery({
    queryKey: keys.version(chat.bot.id, version),
    queryFn: () => api.version(chat.bot.id, version),
    enabled: chat.version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ports = useMemo(
    () => walked.data && createGraphView(walked.data.document, registry, walked.data.facts).portsOf,
    [walked.data],
  )
  if (why.error instanceof ApiError && why.error.status === 404) return <p className={styles.small}>{t('why.none')}</p>
  if (why.error) return <ErrorNotice error={why.error} onRetry={() => why.refetch()} />
  if (!why.data || walked.isLoading) return <div className="bl-skeleton" style={{ height: 120, width: '100%' }} />
  return (
    <InSight>
      <WhyTrace
        trace={why.data}
        conversation={chat.id}
        message={message}
        nodes={walked.data?.document.nodes ?? {}}
        outputsOf={(node) => ports?.(node).outputs ?? {}}
        effects={t('why.called')}
        onStep={(node) => navigate(`/bots/${chat.bot.id}/canvas?side=block&block=${encodeURIComponent(node)}`)}
      />
    </InSight>
  )
}

/** What opens below the last line would open out of sight. */
function InSight({ children }: { children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void element.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={element} className={styles.why}>
      {children}
    </div>
  )
}
