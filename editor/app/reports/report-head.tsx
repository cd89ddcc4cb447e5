import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import styles from './reports.module.css'

/** The way back to all reports, when this one was written, and what can be done with it as a whole. */
export function ReportHead({ bot, createdAt, children }: { bot: string; createdAt: string; children: ReactNode }) {
  const { t } = useTranslation('reports')
  return (
    <nav className={`${styles.back} bl-screen-only`} aria-label={t('report')}>
      <Link to={`/bots/${bot}/reports`}>
        <Icon name="left" size={16} /> {t('title')}
      </Link>
      <span>
        <Time iso={createdAt} />
      </span>
      {children}
    </nav>
  )
}
