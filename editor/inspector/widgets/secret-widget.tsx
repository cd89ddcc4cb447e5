import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'
import { useDraft } from '#editor/document/store.ts'
import type { WidgetProps } from '../widget.ts'
import { SecretDialog } from './secret-dialog.tsx'

const fresh = ' new'

/** One of the bot's secrets by its name; its words are entered here and shown nowhere. */
export function SecretWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const bot = useDraft((state) => state.bot)
  const secrets = useQuery({ queryKey: keys.secrets(bot), queryFn: () => api.secrets(bot), enabled: bot !== '' })
  const [editing, setEditing] = useState<string | null>(null)
  const now = typeof value === 'string' ? value : ''
  const known = secrets.data?.find(({ name }) => name === now)
  return (
    <>
      <select
        id={id}
        className="bl-select bl-insp-input"
        aria-describedby={describedBy}
        value={now}
        onChange={({ target }) => (target.value === fresh ? setEditing('') : onChange(target.value))}
      >
        <option value="">{t('secret.none')}</option>
        {now !== '' && !known && (
          <option value={now}>{t(secrets.isPending ? 'secret.loading' : 'secret.gone', { name: now })}</option>
        )}
        {secrets.data?.map(({ name, host }) => (
          <option key={name} value={name}>
            {t('secret.line', { name, host })}
          </option>
        ))}
        <option value={fresh}>{t('secret.new')}</option>
      </select>
      {now !== '' && (
        <button type="button" className="bl-insp-link" onClick={() => setEditing(now)}>
          {t(known ? 'secret.replace' : 'secret.enter')}
        </button>
      )}
      {editing !== null && (
        <SecretDialog
          bot={bot}
          name={editing}
          host={known?.host ?? ''}
          taken={(secrets.data ?? []).map(({ name }) => name)}
          onClose={() => setEditing(null)}
          onSaved={onChange}
          onRemoved={() => onChange('')}
        />
      )}
    </>
  )
}
