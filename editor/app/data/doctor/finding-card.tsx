import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FixWay } from '#runtime/doctor/finding.ts'
import type { CheckView, SetSummary } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys } from '../../query.ts'
import { toggled } from '../../toggled.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Pager } from '../../ui/pager.tsx'
import { number } from '../../ui/words.ts'
import { CaseLine } from './case-line.tsx'
import styles from './doctor.module.css'

const pageSize = 20
type Found = NonNullable<CheckView['check']>['findings'][number]

/** A finding in plain words: what it is, how many rows, which ones, and the buttons that mend it. */
export function FindingCard({
  set,
  hash,
  finding,
  busy,
  onFix,
}: {
  set: SetSummary
  hash: string
  finding: Found
  busy: boolean
  onFix: (how: { way: FixWay; label?: string; except: string[] }) => void
}) {
  const { t } = useTranslation('doctor')
  const { kind, rows, ways } = finding
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [into, setInto] = useState('')
  const body = useId()
  const page = useQuery({
    queryKey: keys.cases(set.id, hash, kind, at),
    queryFn: () => api.cases(set.id, hash, kind, { offset: at * pageSize, limit: pageSize }),
    enabled: open,
    placeholderData: keepPreviousData,
  })
  const shown = page.data?.cases ?? []
  const pages = Math.max(1, Math.ceil(rows / pageSize))
  const toggle = (id: string) => setLeft(toggled(left, id))
  const except = [...left]
  return (
    <section className={`bl-card ${styles.card}`} aria-labelledby={`${body}-title`}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h3 id={`${body}-title`}>
            {t(`${kind}.title`)}{' '}
            <span className="bl-tag bl-tag--warn">{t('rows', { count: rows, rows: number(rows) })}</span>
          </h3>
          <p>{t(`${kind}.why`)}</p>
        </div>
        <div className={styles.ways}>
          {ways.includes('suggested') && (
            <Button size="small" variant="primary" disabled={busy} onClick={() => onFix({ way: 'suggested', except })}>
              {t(`${kind}.fix`)}
            </Button>
          )}
          {ways.includes('label') && (
            <span className={styles.merge}>
              <select
                className="bl-select"
                aria-label={t('merge-into')}
                value={into}
                onChange={(event) => setInto(event.target.value)}
              >
                <option value="">{t('merge-into')}</option>
                {set.labels
                  .filter((one) => one.rows > 0)
                  .map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name} ({one.rows})
                    </option>
                  ))}
              </select>
              <Button
                size="small"
                disabled={busy || into === ''}
                onClick={() => onFix({ way: 'label', label: into, except })}
              >
                {t('merge')}
              </Button>
            </span>
          )}
          {ways.includes('remove') && (
            <Button
              size="small"
              variant={ways.length === 1 ? 'primary' : 'quiet'}
              disabled={busy}
              onClick={() => onFix({ way: 'remove', except })}
            >
              {t('remove')}
            </Button>
          )}
          <Button
            size="small"
            variant="plain"
            aria-expanded={open}
            aria-controls={body}
            icon={open ? 'up' : 'down'}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'hide' : 'show')}
          </Button>
        </div>
      </div>
      <div id={body} hidden={!open} aria-busy={page.isPlaceholderData || undefined}>
        {page.error && <ErrorNotice error={page.error} onRetry={() => page.refetch()} />}
        {open && page.isPending && <div className="bl-skeleton" style={{ height: 160 }} />}
        {left.size > 0 && (
          <p className={styles.left} role="status">
            {t('left-out', { count: left.size })}
          </p>
        )}
        <ul className={styles.cases}>
          {shown.map((found, i) => (
            <CaseLine
              key={found.id}
              found={found}
              fixable={found.fix !== null || !ways.includes('suggested')}
              picked={!left.has(found.id)}
              begins={i > 0 && found.group !== null && found.group !== shown[i - 1]!.group}
              onPick={() => toggle(found.id)}
            />
          ))}
        </ul>
        {open && (
          <Pager
            className={styles.pager}
            label={t('pager', { title: t(`${kind}.title`) })}
            at={at}
            pages={pages}
            onTurn={setAt}
          />
        )}
      </div>
    </section>
  )
}
