import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveCsv } from '../reports/save-csv.ts'
import { Button } from '../ui/button.tsx'
import page from '../ui/page.module.css'
import styles from './insights.module.css'

/** A part of the page under its heading, whose table can be kept. */
export function InsightSection({
  title,
  about,
  csv,
  tools,
  children,
}: {
  title: string
  about: string
  csv?: () => string
  tools?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation('insights')
  return (
    <section className={`${page.section} ${styles.section}`} aria-label={title}>
      <div className={styles.tools}>
        {tools}
        {csv && (
          <Button
            size="small"
            variant="plain"
            icon="download"
            aria-label={t('csv-of', { title })}
            title={t('csv-of', { title })}
            onClick={() => saveCsv(`${t('title')} – ${title}`, csv())}
          >
            CSV
          </Button>
        )}
      </div>
      <h2>{title}</h2>
      <p>{about}</p>
      {children}
    </section>
  )
}
