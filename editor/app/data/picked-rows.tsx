import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary, TableRow } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { lazyWithTexts } from '../lazy-with-texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './data.module.css'
import { LabelPicker } from './labelling/label-picker.tsx'
import { labellingApi } from './labelling/labelling-api.ts'
import { useSetChange } from './labelling/use-set-change.ts'

const SimilarDialog = lazyWithTexts(
  'labelling',
  async () => (await import('./labelling/similar-dialog.tsx')).SimilarDialog,
)

/** What can be done with several rows at once. All of it can be taken back, so nothing asks first. */
export function PickedRows({
  set,
  picked,
  onDone,
}: {
  set: SetSummary
  /** By their ids; they may stand on several pages. */
  picked: ReadonlyMap<string, TableRow>
  onDone: () => void
}) {
  const { t } = useTranslation('data')
  const { perform, busy } = useSetChange(set.id)
  const [open, setOpen] = useState<'split' | 'similar' | null>(null)
  const [name, setName] = useState('')
  const ids = [...picked.keys()]
  const rows = [...picked.values()]
  const label = rows[0]?.label
  const oneLabel = label !== undefined && rows.every((row) => row.label === label) ? label : null
  const labelName = rows[0]?.labelName ?? ''
  const marked = rows.some((row) => !row.marked)

  const done = async (work: Promise<boolean>) => {
    if (await work) onDone()
  }
  const split = () =>
    done(
      perform(
        async () => {
          await labellingApi.split(set.id, oneLabel!, name.trim(), ids)
          setOpen(null)
          setName('')
          return undefined
        },
        () => t('relabelled', { count: ids.length, name: name.trim() }),
      ),
    )
  return (
    <div className={styles.picked}>
      <LabelPicker
        labels={set.labels}
        name={t('relabel')}
        placeholder={t('relabel.placeholder')}
        onPick={(next) =>
          void done(
            perform(
              () => api.changeRows(set.id, ids, { label: next, outOfScope: false }),
              ({ changed }) => t('relabelled', { count: changed, name: next }),
            ),
          )
        }
      />
      <Button
        size="small"
        disabled={busy}
        onClick={() =>
          void done(
            perform(
              () => api.changeRows(set.id, ids, { label: null, outOfScope: true }),
              ({ changed }) => t('relabelled', { count: changed, name: t('out-of-scope') }),
            ),
          )
        }
      >
        {t('out-of-scope')}
      </Button>
      {ids.length <= 50 && (
        <Button size="small" disabled={busy} onClick={() => setOpen('similar')}>
          {t('like-these')}
        </Button>
      )}
      {oneLabel !== null && (
        <Button size="small" disabled={busy} onClick={() => setOpen('split')}>
          {t('split-off')}
        </Button>
      )}
      <Button
        size="small"
        disabled={busy}
        onClick={() =>
          void done(
            perform(
              async () => void (await labellingApi.mark(set.id, ids, marked)),
              () => t(marked ? 'marked' : 'unmarked', { count: ids.length }),
            ),
          )
        }
      >
        {t(marked ? 'mark' : 'unmark')}
      </Button>
      <Button
        size="small"
        variant="danger"
        icon="trash"
        disabled={busy}
        onClick={() =>
          void done(
            perform(
              () => api.deleteRows(set.id, ids),
              ({ changed }) => t('deleted', { count: changed }),
            ),
          )
        }
      >
        {t('delete')}
      </Button>
      {open === 'similar' && (
        <Suspense>
          <SimilarDialog
            set={set}
            rows={ids}
            label={oneLabel === null ? null : labelName}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
      {open === 'split' && (
        <Dialog
          title={t('split-off')}
          onClose={() => setOpen(null)}
          footer={
            <>
              <Button onClick={() => setOpen(null)}>{t('app:cancel')}</Button>
              <Button variant="primary" busy={busy} disabled={name.trim() === ''} onClick={split}>
                {t('split-off')}
              </Button>
            </>
          }
        >
          <p>{t('split-off.why', { name: labelName })}</p>
          <label className="bl-field">
            <span className="bl-field__label">{t('split-off.name')}</span>
            <input
              className="bl-input"
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.nativeEvent.isComposing && name.trim() !== '') void split()
              }}
            />
          </label>
        </Dialog>
      )}
    </div>
  )
}
