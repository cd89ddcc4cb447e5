import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary, TableRow } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { languageName } from '../ui/words.ts'
import styles from './data.module.css'
import { useSetChange } from './labelling/use-set-change.ts'

const outOfScope = '\u0000out'

/** One row: its words and its label are changed where they stand. */
export function RowLine({
  set,
  row,
  picked,
  onPick,
  onOpen,
}: {
  set: SetSummary
  row: TableRow
  picked: boolean
  onPick: () => void
  onOpen: () => void
}) {
  const { t } = useTranslation('data')
  const { perform, busy } = useSetChange(set.id)
  const change = async (edit: Parameters<typeof api.changeRow>[2]) => {
    await perform(async () => void (await api.changeRow(set.id, row.id, edit)))
  }
  return (
    <tr aria-selected={picked} aria-busy={busy || undefined}>
      <td className={styles.check}>
        <input type="checkbox" checked={picked} aria-label={t('pick', { text: row.text })} onChange={onPick} />
      </td>
      <td>
        <Words name={t('question')} text={row.text} language={row.language} onSave={(text) => change({ text })} />
        {(row.marked || (row.entities?.length ?? 0) > 0) && (
          <div className={styles.signs}>
            {row.marked && <span className="bl-tag bl-tag--warn">{t('is-marked')}</span>}
            {row.entities?.map(({ start, end, type }) => (
              <span key={start} className="bl-tag">
                {type}: {row.text.slice(start, end)}
              </span>
            ))}
          </div>
        )}
        {row.pair !== undefined && (
          <div className={styles.pair}>
            <Words name={t('pair')} text={row.pair} language={row.language} onSave={(pair) => change({ pair })} />
          </div>
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
        {row.split === 'train' && (
          <button
            type="button"
            className={styles.pinned}
            title={t('only-learned.release')}
            aria-label={`${t('only-learned')}: ${t('only-learned.release')}`}
            onClick={() => change({ split: null })}
          >
            {t('only-learned')} <Icon name="close" size={12} />
          </button>
        )}
      </td>
      <td className={styles.language}>{row.language ? languageName(row.language) : '–'}</td>
      <td className={styles.more}>
        <IconButton size="small" icon="more" label={t('row.open', { text: row.text })} onClick={onOpen} />
      </td>
    </tr>
  )
}

/** Words that become a field when they are clicked; what was saved stands there until the server has answered. */
function Words({
  name,
  text,
  language,
  onSave,
}: {
  name: string
  text: string
  language: string | undefined
  onSave: (text: string) => Promise<void>
}) {
  const { t } = useTranslation('data')
  const [typed, setTyped] = useState<string | null>(null)
  const [saved, setSaved] = useState<string | null>(null)

  const save = async () => {
    const next = typed?.trim() ?? ''
    setTyped(null)
    if (next === '' || next === text) return
    setSaved(next)
    await onSave(next)
    setSaved(null)
  }
  if (typed === null)
    return (
      <button type="button" className={styles.words} lang={language} title={t('edit')} onClick={() => setTyped(text)}>
        {saved ?? text}
      </button>
    )
  return (
    <input
      className={`bl-input ${styles.edit}`}
      value={typed}
      // biome-ignore lint/a11y/noAutofocus: the field takes the place of the words that were clicked
      autoFocus
      aria-label={name}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) void save()
        if (event.key === 'Escape') setTyped(null)
      }}
    />
  )
}
