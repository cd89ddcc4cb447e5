import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { Logo } from '../ui/logo.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { BotCard } from './bot-card.tsx'
import styles from './home.module.css'
import { ImportBot } from './import-bot.tsx'

const NewBotDialog = lazy(async () => ({ default: (await import('./new-bot-dialog.tsx')).NewBotDialog }))

/** All bots of the workspace; `newBot` opens the dialog that makes one more. */
export function HomePage({ newBot = false }: { newBot?: boolean }) {
  const { t } = useTranslation('home')
  const navigate = useNavigate()
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  useEffect(() => setPageTitle(t('title')), [t])

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p>{t('lead')}</p>
        </div>
        {bots.data && bots.data.length > 0 && (
          <div className={styles.headActions}>
            <ImportBot large />
            <Link className="bl-button bl-button--primary bl-button--large" to="/new">
              {t('new')}
            </Link>
          </div>
        )}
      </header>
      {bots.error && <ErrorNotice error={bots.error} onRetry={() => bots.refetch()} />}
      {bots.data?.length === 0 && (
        <div className="bl-empty">
          <Logo size={72} />
          <p>{t('empty')}</p>
          <Button variant="primary" size="large" onClick={() => navigate('/new')}>
            {t('new')}
          </Button>
          <ImportBot />
        </div>
      )}
      <ul className={styles.cards} aria-busy={bots.isPending}>
        {bots.isPending && [0, 1, 2].map((index) => <li key={index} className={`bl-skeleton ${styles.waiting}`} />)}
        {bots.data?.map((bot) => (
          <BotCard key={bot.id} bot={bot} />
        ))}
        {bots.data && bots.data.length > 0 && (
          <li>
            <Link to="/new" className={styles.another}>
              <Icon name="plus" size={22} />
              <span>{t('another')}</span>
            </Link>
          </li>
        )}
      </ul>
      {newBot && (
        <Suspense>
          <NewBotDialog onClose={() => navigate('/')} />
        </Suspense>
      )}
    </div>
  )
}
