import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, NavLink, useParams } from 'react-router'
import { setPageTitle } from '../page-title.ts'
import { sections } from './sections.ts'
import styles from './settings.module.css'

/** Settings of the whole workspace, a section an address. */
export function SettingsPage() {
  const { t } = useTranslation('settings')
  const { section: path } = useParams()
  const section = sections.find((one) => one.path === path)
  useEffect(() => setPageTitle(t('title')), [t])
  if (!section) return <Navigate to={`/settings/${sections[0]?.path}`} replace />
  return (
    <div className={styles.page}>
      <nav className={styles.sections} aria-label={t('title')}>
        <h1>{t('title')}</h1>
        <ul>
          {sections.map(({ path, label }) => (
            <li key={path}>
              <NavLink to={`/settings/${path}`} className={({ isActive }) => (isActive ? styles.here : '')}>
                {t(label)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.content}>
        <Suspense fallback={<div className={`bl-skeleton ${styles.waiting}`} />}>
          <section.Section />
        </Suspense>
      </div>
    </div>
  )
}
