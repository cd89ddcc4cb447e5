import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import styles from './bot.module.css'

const every = 60_000

/** How many messages nobody has seen to, beside the name of their page; nothing where there is none. */
export function UnansweredCount({ bot }: { bot: string }) {
  const { t } = useTranslation('bot')
  const { data } = useQuery({
    queryKey: keys.unansweredCount(bot),
    queryFn: () => api.unansweredCount(bot),
    refetchInterval: every,
    retry: false,
  })
  const count = data?.count ?? 0
  if (count === 0) return null
  return (
    <span className={styles.tabCount} title={t('unanswered.count', { count })}>
      {count > 999 ? '999+' : count}
    </span>
  )
}
