import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RowView, SetSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { queryClient } from '../query.ts'
import { showError } from '../ui/toast.tsx'
import { languageName } from '../ui/words.ts'
import styles from './data.module.css'

const outOfScope = '\u0000out'

/** One row: its words and its label are changed where they stand. */
export function RowLine({
  set,
  row,
  picked,
  onPick,
}: {
  set: SetSummary
  row: RowView
  picked: boolean
  onPick: () => void
}) {
  const { t } = useTranslation('data')
  const [editing, setEditing] = useState(false)
  const [text, setText] = useState(row.text)
  const [busy, setBusy] = useState(false)

  const change = async (edit: { text?: string; label?: string | null; outOfScope?: boolean }) => {
    setBusy(true)
    try {
      await api.changeRow(set.id, row.id, edit)
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['rows', set.id] }),
        queryClient.invalidateQueries({ queryKey: ['sets'] }),
      ])
    } catch (error) {
      setText(row.text)
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  const save = () => {
    setEditing(false)
    const next = text.trim()
    if (next === '' || next === row.text) setText(row.text)
    else void change({ text: next })
  }

  return (
    <tr aria-selected={picked} aria-busy={busy || undefined}>
      <td className={styles.check}>
        <input type="checkbox" checked={picked} aria-label={t('pick', { text: row.text })} onChange={onPick} />
      </td>
      <td>
        {editing ? (
          <input
            className={`bl-input ${styles.edit}`}
            value={text}
            // biome-ignore lint/a11y/noAutofocus: the field takes the place of the words that were clicked
            autoFocus
            aria-label={t('question')}
            onChange={(event) => setText(event.target.value)}
            onBlur={save}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) save()
              if (event.key === 'Escape') {
                setText(row.text)
                setEditing(false)
              }
            }}
          />
        ) : (
          <button
            type="button"
            className={styles.words}
            lang={row.language}
            title={t('edit')}
            onClick={() => {
              setText(row.text)
              setEditing(true)
            }}
          >
            {busy ? text : row.text}
          </button>
        )}
      </td>
      <td className={styles.labelColumn}>
        <select
          className={`bl-select ${styles.label}`}
          aria-label={t('label-of', { text: row.text })}
          value={row.outOfScope ? outOfScope : (row.labelName ?? '')}
          onChange={(event) => {
            const value = event.target.value
            void change(value === outOfScope ? { outOfScope: true, label: null } : { label: value, outOfScope: false })
          }}
        >
          {!row.outOfScope && row.labelName === null && <option value="">{t('no-label')}</option>}
          {set.labels.map((one) => (
            <option key={one.id}>{one.name}</option>
          ))}
          <option value={outOfScope}>{t('out-of-scope')}</option>
        </select>
      </td>
      <td className={styles.language}>{row.language ? languageName(row.language) : '–'}</td>
    </tr>
  )
}
