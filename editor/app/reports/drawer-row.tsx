import { useTranslation } from 'react-i18next'
import type { ReportRow } from '#server/api/dto.ts'
import { Guesses } from './guesses.tsx'
import { standingOf } from './row-change.ts'
import { RowLink } from './row-link.tsx'
import styles from './rows-drawer.module.css'

/** One question: what was meant, what it was taken for, and what has become of it since. */
export function DrawerRow({
  bot,
  row,
  picked,
  current,
  onFocus,
  onPick,
}: {
  bot: string
  row: ReportRow
  picked: boolean
  current: boolean
  onFocus: () => void
  onPick: () => void
}) {
  const { t } = useTranslation('reports')
  const standing = standingOf(row)
  return (
    <li className={styles.row} data-picked={picked || undefined} data-gone={standing?.kind === 'exclude' || undefined}>
      <label className={styles.question}>
        <input
          type="checkbox"
          checked={picked}
          tabIndex={current ? 0 : -1}
          onFocus={onFocus}
          onChange={onPick}
          aria-describedby={`${row.id}-meant`}
        />
        <span lang={row.language ?? undefined}>
          {row.text}
          {row.pair !== null && <small>{row.pair}</small>}
        </span>
      </label>
      <div className={styles.meta}>
        <span id={`${row.id}-meant`}>
          {row.truth === '' ? t('drawer.foreign') : t('drawer.meant', { name: row.truthName })}
          {standing && (
            <b className={styles.standing}>
              {t(`standing.${standing.kind}`, { name: standing.kind === 'label' ? standing.name : '' })}
            </b>
          )}
          {!row.home && <b className={styles.standing}>{t('standing.file')}</b>}
        </span>
        <Guesses row={row} />
        <RowLink bot={bot} row={row} tabIndex={current ? 0 : -1} />
      </div>
    </li>
  )
}
