import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { setPageTitle } from '../page-title.ts'
import styles from './shell.module.css'

export function NotFoundPage() {
  const { t } = useTranslation()
  useEffect(() => setPageTitle(t('not-found')), [t])
  return (
    <div className={styles.alone}>
      <h1>{t('not-found')}</h1>
      <p>{t('not-found.why')}</p>
      <Link className="bl-button bl-button--primary" to="/">
        {t('to-bots')}
      </Link>
    </div>
  )
}
