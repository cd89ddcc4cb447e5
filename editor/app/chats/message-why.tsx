import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useTrace } from '#editor/simulator/use-trace.ts'
import { WhyTrace } from '#editor/simulator/why-trace.tsx'
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
  if (why.error instanceof ApiError && why.error.status === 404) return <p className={styles.small}>{t('why.none')}</p>
  if (why.error) return <ErrorNotice error={why.error} onRetry={() => why.refetch()} />
  if (!why.data || walked.isLoading) return <div className="bl-skeleton" style={{ height: 120, width: '100%' }} />
  return (
    <WhyTrace
      trace={why.data}
      conversation={chat.id}
      message={message}
      nodes={walked.data?.document.nodes ?? {}}
      effects={t('why.called')}
      onStep={(node) => navigate(`/bots/${chat.bot.id}/canvas?side=block&block=${encodeURIComponent(node)}`)}
    />
  )
}
