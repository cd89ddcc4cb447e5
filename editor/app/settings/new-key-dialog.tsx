import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKeyView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import styles from './settings.module.css'

type Scope = ApiKeyView['scopes'][number]
const scopes: readonly Scope[] = ['conversations:read', 'conversations:write', 'bots:read', 'bots:write', 'publish']
const lives = [30, 90, 365, null] as const

/** Makes a key and shows it, once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings')
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>([])
  const [only, setOnly] = useState<readonly string[] | null>(null)
  const [days, setDays] = useState<(typeof lives)[number]>(365)
  const [made, setMade] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const create = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString()
      const answer = await api.createApiKey({
        name: name.trim(),
        scopes: [...chosen],
        bots: only && [...only],
        expiresAt,
      })
      setMade(answer.key)
      await queryClient.invalidateQueries({ queryKey: keys.apiKeys })
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  if (made !== null)
    return (
      <Dialog
        title={t('made.title')}
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t('made.done')}
          </Button>
        }
      >
        <p>{t('made.about')}</p>
        <CopyField label={t('made.key')} value={made} />
      </Dialog>
    )
  return (
    <Dialog
      title={t('keys.new')}
      onClose={onClose}
      wide
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button
            variant="primary"
            type="submit"
            form="bl-new-key"
            busy={busy}
            disabled={name.trim() === '' || chosen.length === 0 || only?.length === 0}
          >
            {t('new.create')}
          </Button>
        </>
      }
    >
      <form id="bl-new-key" className={styles.form} onSubmit={create}>
        <label className="bl-field">
          <span className="bl-field__label">{t('new.name')}</span>
          <input className="bl-input" value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        </label>
        <fieldset className={styles.choices}>
          <legend>{t('new.scopes')}</legend>
          {scopes.map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={() => setChosen(toggled(chosen, scope))}
              />
              <span>{t(`scope.${scope.replace(':', '-')}`)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className={styles.choices}>
          <legend>{t('new.bots')}</legend>
          <label>
            <input type="radio" name="bots" checked={only === null} onChange={() => setOnly(null)} />
            <span>{t('keys.all-bots')}</span>
          </label>
          <label>
            <input type="radio" name="bots" checked={only !== null} onChange={() => setOnly([])} />
            <span>{t('new.some')}</span>
          </label>
          {only !== null &&
            bots.data?.map((bot) => (
              <label key={bot.id}>
                <input
                  type="checkbox"
                  checked={only.includes(bot.id)}
                  onChange={() => setOnly(toggled(only, bot.id))}
                />
                <span>{bot.name}</span>
              </label>
            ))}
        </fieldset>
        <label className="bl-field">
          <span className="bl-field__label">{t('new.life')}</span>
          <select
            className="bl-select"
            value={String(days)}
            onChange={(event) => setDays(lives.find((one) => String(one) === event.target.value) ?? null)}
          >
            {lives.map((life) => (
              <option key={String(life)} value={String(life)}>
                {life === null ? t('keys.forever') : t('new.days', { count: life })}
              </option>
            ))}
          </select>
        </label>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

function toggled<T>(all: readonly T[], one: T): readonly T[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one]
}
