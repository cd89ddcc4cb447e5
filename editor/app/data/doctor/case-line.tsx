import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '#server/api/dto.ts'
import styles from './doctor.module.css'
import { MarkedText } from './marked-text.tsx'

/** A row with its fault, what the fix makes of it, and a tick that leaves it out. */
export function CaseLine({
  found: { row, fix, labelName, keeper, marks },
  picked,
  fixable,
  begins,
  onPick,
}: {
  found: CaseView
  picked: boolean
  fixable: boolean
  /** It is the first of its group. */
  begins: boolean
  onPick: () => void
}) {
  const { t } = useTranslation('doctor')
  const id = useId()
  if (!row) return <li className={styles.gone}>{t('gone')}</li>
  const named = row.outOfScope ? t('out-of-scope') : (row.labelName ?? t('no-label'))
  return (
    <li className={styles.case} data-begins={begins || undefined}>
      <div className={styles.line}>
        {fixable ? (
          <input
            type="checkbox"
            id={id}
            checked={picked}
            aria-label={t('pick', { text: row.text.slice(0, 80) })}
            onChange={onPick}
          />
        ) : (
          <span />
        )}
        <label className={styles.text} htmlFor={fixable ? id : undefined} lang={row.language}>
          <MarkedText text={row.text} marks={marks} />
          {row.pair !== undefined && <small>{row.pair}</small>}
          {fix?.do === 'text' && (
            <small>
              {t('becomes')} <ins>{fix.text ?? fix.pair}</ins>
            </small>
          )}
          {keeper !== null && <small>{t('stays', { text: keeper })}</small>}
        </label>
        <span className={styles.topic}>
          <span className="bl-tag">{named}</span>
          {labelName !== null && (
            <>
              <span aria-hidden="true">→</span>
              <span className="bl-sr-only">{t('becomes')}</span>
              <span className="bl-tag bl-tag--accent">{labelName}</span>
            </>
          )}
        </span>
      </div>
    </li>
  )
}
