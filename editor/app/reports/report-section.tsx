import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import page from '../ui/page.module.css'
import { showError } from '../ui/toast.tsx'
import styles from './report-section.module.css'
import { saveChart } from './save-chart.ts'
import { saveCsv } from './save-csv.ts'
import { saveTable } from './save-table.ts'

/** A part of the report under its heading; its table can be kept as CSV, its picture as PNG. */
export function ReportSection({
  id,
  title,
  about,
  csv,
  picture,
  children,
}: {
  id?: string
  title: string
  about?: string
  csv?: () => string | Promise<string>
  /** It holds a picture that can be kept: a drawing (`svg[role=img]`), or a table that is one. */
  picture?: 'drawing' | 'table'
  children: ReactNode
}) {
  const { t } = useTranslation('reports')
  const element = useRef<HTMLElement>(null)
  const [busy, setBusy] = useState(false)
  const file = `${t('report')} – ${title.replace(/[\\/:*?"<>|]/g, '')}`

  const keep = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  const keepPicture = async () => {
    const svg = element.current?.querySelector<SVGSVGElement>('svg[role="img"]')
    const table = element.current?.querySelector('table')
    if (picture === 'drawing' && svg) await saveChart(file, svg)
    if (picture === 'table' && table) await saveTable(file, table)
  }
  return (
    <section className={`${page.section} ${styles.section}`} id={id} ref={element} aria-busy={busy || undefined}>
      <div className={`${styles.files} bl-screen-only`}>
        {csv && (
          <Button
            size="small"
            variant="plain"
            icon="download"
            aria-label={t('csv-of', { title })}
            title={t('csv-of', { title })}
            onClick={() => keep(async () => saveCsv(file, await csv()))}
          >
            CSV
          </Button>
        )}
        {picture && (
          <Button
            size="small"
            variant="plain"
            icon="download"
            aria-label={t('png-of', { title })}
            title={t('png-of', { title })}
            onClick={() => keep(keepPicture)}
          >
            PNG
          </Button>
        )}
      </div>
      <h2>{title}</h2>
      {about && <p>{about}</p>}
      {children}
    </section>
  )
}
