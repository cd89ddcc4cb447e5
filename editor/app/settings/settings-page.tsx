import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, NavLink, useParams } from 'react-router'
import { setPageTitle } from '../page-title.ts'
import page from '../ui/page.module.css'
import { settingsSections } from './sections.ts'
import styles from './settings.module.css'

/** What is set for the whole workspace, a section each. */
export function SettingsPage() {
  const { t } = useTranslation('settings')
  const { section = '' } = useParams()
  const shown = settingsSections.find(({ path }) => path === section)
  useEffect(() => setPageTitle(shown ? t(shown.label) : t('title')), [t, shown])
  const [first] = settingsSections
  if (!shown && first) return <Navigate to={`/settings/${first.path}`} replace />
  const Section = shown?.page
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1 className={styles.title}>{t('title')}</h1>
      </header>
      <div className={styles.frame}>
        <nav className={styles.nav} aria-label={t('sections')}>
          {settingsSections.map(({ path, label }) => (
            <NavLink key={path} to={`/settings/${path}`} className={({ isActive }) => (isActive ? styles.here : '')}>
              {t(label)}
            </NavLink>
          ))}
        </nav>
        <Suspense fallback={<div className="bl-skeleton" style={{ height: 240 }} />}>{Section && <Section />}</Suspense>
      </div>
    </div>
  )
}
