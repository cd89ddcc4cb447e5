import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { LabelChange, ReportView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { number, percent } from '../ui/words.ts'
import styles from './first-look.module.css'

/** Fewer shared questions than this say nothing of two models. */
const leastShared = 30
/** A difference that chance brings about less often than this is called more than chance. */
const significant = 0.05
const mostNamed = 3

/** What the last changes to the bot did: its accuracy, whether chance explains it, and which topics gained or lost. */
export function SinceLast({ bot, run, report }: { bot: string; run: string; report: ReportView }) {
  const { t } = useTranslation('reports')
  const change = useQuery({ queryKey: keys.reportChange(bot, run), queryFn: () => api.reportChange(bot, run) })
  const names = (labels: readonly { name: string }[]) =>
    [
      ...labels.slice(0, mostNamed).map(({ name }) => name),
      ...(labels.length > mostNamed ? [t('since.more', { count: labels.length - mostNamed })] : []),
    ].join(t('since.join'))
  const moved = (labels: readonly LabelChange[]) =>
    names(labels.map(({ name, before, now }) => ({ name: t('since.label', { name, before, now }) })))

  if (change.error)
    return (
      <section className={styles.card}>
        <h2>{t('since')}</h2>
        <ErrorNotice error={change.error} onRetry={() => change.refetch()} />
      </section>
    )
  if (change.isPending)
    return (
      <section className={styles.card} aria-busy="true">
        <h2>{t('since')}</h2>
        <div className="bl-skeleton" style={{ height: 96 }} />
      </section>
    )
  if (!change.data)
    return (
      <section className={styles.card}>
        <h2>{t('since')}</h2>
        <p>{t('since.first')}</p>
      </section>
    )
  const { shared, chance, labels, accuracy, createdAt } = change.data
  const verdict =
    shared.rows < leastShared
      ? 'few'
      : shared.better + shared.worse === 0
        ? 'same'
        : chance < significant
          ? shared.better > shared.worse
            ? 'better'
            : 'worse'
          : 'chance'
  // What is said of it, and no less: a rounded nothing is no change.
  const points = Math.round((report.accuracy - accuracy) * 1000) / 10
  return (
    <section className={styles.card}>
      <h2>{t('since')}</h2>
      <p className={styles.moved}>
        <Link to={`/bots/${bot}/reports/${change.data.run}`}>
          <Time iso={createdAt} />
        </Link>{' '}
        {percent(accuracy)} → <b>{percent(report.accuracy)}</b>{' '}
        <span data-trend={Math.sign(points) || undefined}>
          {points === 0
            ? t('since.no-points')
            : t('since.points', { points: `${points > 0 ? '+' : '−'}${number(Math.abs(points), 1)}` })}
        </span>
      </p>
      <p>{t(`since.verdict.${verdict}`, { ...shared, rows: number(shared.rows) })}</p>
      <ul className={styles.labels}>
        {labels.better.length > 0 && <li data-trend="1">{t('since.better', { names: moved(labels.better) })}</li>}
        {labels.worse.length > 0 && <li data-trend="-1">{t('since.worse', { names: moved(labels.worse) })}</li>}
        {labels.added.length > 0 && <li>{t('since.added', { names: names(labels.added) })}</li>}
        {labels.gone.length > 0 && <li>{t('since.gone', { names: names(labels.gone) })}</li>}
      </ul>
    </section>
  )
}
