import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import type { ReportView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { useRunNow } from '../bot/use-run-now.ts'
import { keys } from '../query.ts'
import { withParam } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { number } from '../ui/words.ts'
import styles from './first-look.module.css'
import { nextStep } from './next-step.ts'
import type { OpenCell } from './report-cell.ts'

/** What helps most now, with the button that begins it. */
export function NextStepCard({
  bot,
  report,
  edited,
  onOpen,
}: {
  bot: string
  report: ReportView
  edited: number
  onOpen: OpenCell
}) {
  const { t } = useTranslation('reports')
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [search] = useSearchParams()
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  const { start, busy } = useRunNow(bot)
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  const step = sets.data ? nextStep(report, edited, sets.data) : null

  const perform = async () => {
    if (!step) return
    if (step.kind === 'run') {
      if (await start()) navigate(`/bots/${bot}/canvas?drawer=run`)
    } else if (step.kind === 'pair') onOpen({ truth: step.a, predicted: step.b, both: true })
    else if (step.kind === 'label') navigate(`/bots/${bot}/data/${step.set}?label=${step.id}&add=1`)
    else if (step.kind === 'test') navigate(`/bots/${bot}/data?add=1`)
    else if (step.kind === 'hardest') document.getElementById('hardest')?.scrollIntoView()
    else navigate({ pathname, search: withParam(search, 'publish', '1') })
  }
  const values = () => {
    if (step?.kind === 'pair') return { ...step, a: name(step.a), b: name(step.b) }
    if (step?.kind === 'label') return { ...step, count: step.rows }
    if (step?.kind === 'run' || step?.kind === 'test') return { count: step.rows, rows: number(step.rows) }
    return { ...step }
  }
  return (
    <section className={`${styles.card} ${styles.next}`}>
      <h2>{t('next')}</h2>
      {step ? (
        <>
          <p>{t(`next.${step.kind}`, values())}</p>
          <Button variant="primary" size="small" busy={busy} className="bl-screen-only" onClick={perform}>
            {t(`next.${step.kind}.do`)}
          </Button>
        </>
      ) : (
        <div className="bl-skeleton" style={{ height: 72 }} />
      )}
    </section>
  )
}
