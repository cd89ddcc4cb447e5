import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { toggled } from '../../toggled.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { percent } from '../../ui/words.ts'
import { LabelPicker } from './label-picker.tsx'
import styles from './labelling.module.css'
import { labellingApi } from './labelling-api.ts'
import { useSetChange } from './use-set-change.ts'

/** Rows as like as this are ticked from the start. */
const alike = 0.6

/** Rows without a topic that are like some others: look them over, then give all of them one topic. */
export function SimilarDialog({
  set,
  rows,
  label: given,
  onClose,
}: {
  set: SetSummary
  rows: readonly string[]
  /** The topic that they would get, by its name. */
  label: string | null
  onClose: () => void
}) {
  const { t } = useTranslation('labelling')
  const [label, setLabel] = useState(given)
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set())
  const { perform, busy } = useSetChange(set.id)
  const found = useQuery({
    queryKey: ['rows', set.id, 'similar', rows, set.revision],
    queryFn: () => labellingApi.similar(set.id, [...rows]),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const all = found.data?.rows ?? []
  const isTicked = (id: string, similarity: number) => similarity >= alike !== flipped.has(id)
  const ticked = all.filter(({ row, similarity }) => isTicked(row.id, similarity)).map(({ row }) => row.id)

  const save = async () => {
    const went = await perform(
      () => api.changeRows(set.id, ticked, { label }),
      ({ changed }) => t('data:relabelled', { count: changed, name: label }),
    )
    if (went) onClose()
  }
  return (
    <Dialog
      title={t('similar')}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={label === null || ticked.length === 0} onClick={save}>
            {t('similar.do', { count: ticked.length })}
          </Button>
        </>
      }
    >
      <div className={styles.target}>
        <span>{label === null ? t('similar.which') : t('similar.label', { name: label })}</span>
        <LabelPicker
          labels={set.labels}
          name={t('similar.which')}
          placeholder={t('data:label.placeholder')}
          onPick={setLabel}
        />
      </div>
      {found.error && <ErrorNotice error={found.error} onRetry={() => found.refetch()} />}
      {found.isPending && (
        <p role="status" className={styles.lead}>
          <span className="bl-spinner" aria-hidden="true" /> {t('similar.looking')}
        </p>
      )}
      {found.data && all.length === 0 && <p>{t('similar.none')}</p>}
      <ul className={styles.similar}>
        {all.map(({ row, similarity }) => (
          <li key={row.id}>
            <label>
              <input
                type="checkbox"
                checked={isTicked(row.id, similarity)}
                onChange={() => setFlipped(toggled(flipped, row.id))}
              />
              <span lang={row.language}>{row.text}</span>
              <span className={styles.amount}>{percent(similarity)}</span>
            </label>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
