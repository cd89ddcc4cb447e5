import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './unanswered.module.css'

/** Which topic messages belong to: one of the set's, or a new one. */
export function TopicDialog({
  count,
  set,
  suggested,
  isNew,
  busy,
  onTeach,
  onClose,
}: {
  count: number
  set: SetSummary
  /** Words that name a new topic. */
  suggested: string
  /** A new one is meant. */
  isNew: boolean
  busy: boolean
  onTeach: (topic: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation('unanswered')
  const form = useId()
  const [topic, setTopic] = useState(isNew || set.labels.length === 0 ? '' : set.labels[0]!.name)
  const [name, setName] = useState(suggested)
  const named = (topic || name).trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (named !== '' && !busy) onTeach(named)
  }
  return (
    <Dialog
      title={t('dialog.title', { count })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={busy} disabled={named === ''}>
            {t('dialog.add')}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <label className="bl-field">
          <span className="bl-field__label">{t('topic')}</span>
          <select className="bl-select" value={topic} onChange={(event) => setTopic(event.target.value)}>
            <option value="">{t('topic.new')}</option>
            {set.labels.map((label) => (
              <option key={label.id} value={label.name}>
                {label.name}
              </option>
            ))}
          </select>
        </label>
        {topic === '' && (
          <label className="bl-field">
            <span className="bl-field__label">{t('topic.name')}</span>
            <input
              className="bl-input"
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
        )}
        <p className="bl-field__help">{t('dialog.about', { set: set.name })}</p>
      </form>
    </Dialog>
  )
}
