import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenChoice } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Changes, Fact } from '../publish/facts.tsx'
import { OpenChats } from '../publish/open-chats.tsx'
import publish from '../publish/publish.module.css'
import { keys } from '../query.ts'
import { ErrorNotice } from '../ui/notice.tsx'

/** What changes for visitors when a version goes live, and what becomes of those who are chatting. */
export function Impact({
  bot,
  version,
  open,
  onOpen,
  children,
}: {
  bot: string
  version: number
  open: OpenChoice
  onOpen: (choice: OpenChoice) => void
  children?: ReactNode
}) {
  const { t } = useTranslation('publish')
  const impact = useQuery({
    queryKey: keys.impact(bot, version, 'live'),
    queryFn: () => api.impact(bot, version, 'live'),
    staleTime: 0,
  })
  const found = useQuery({
    queryKey: keys.version(bot, version),
    queryFn: () => api.version(bot, version),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const error = impact.error ?? found.error
  if (error) return <ErrorNotice error={error} onRetry={() => impact.refetch()} />
  if (!impact.data || !found.data) return <div className="bl-skeleton" style={{ height: 120 }} />
  const { document } = found.data
  return (
    <dl className={publish.facts}>
      <Fact title={t('changes')}>
        <Changes impact={impact.data} version={found.data} />
      </Fact>
      {children}
      <Fact title={t('open')}>
        <OpenChats open={impact.data.open} choice={open} onChoose={onOpen} document={document} />
      </Fact>
    </dl>
  )
}
