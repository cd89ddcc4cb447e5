import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelConnection, ChannelKind } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { showError } from '../../ui/toast.tsx'
import styles from '../connections.module.css'
import { channelFields } from './channel-fields.ts'
import { channelsApi } from './channels-api.ts'

/** A new way in, or one that there is. Credentials are asked for again only where they are to change, all of them at once. */
export function ChannelForm({
  kind,
  channel,
  onClose,
  onMade,
}: {
  kind: ChannelKind
  channel: ChannelConnection | null
  onClose: () => void
  onMade: (made: { connection: ChannelConnection; secret: string | null }) => void
}) {
  const { t } = useTranslation('channels')
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const [name, setName] = useState(channel?.name ?? t(`kind.${kind}`))
  const [picked, setPicked] = useState(channel?.bot ?? '')
  const [values, setValues] = useState<Record<string, string>>(channel?.settings ?? {})
  const [busy, setBusy] = useState(false)
  const bot = picked || (bots.data?.[0]?.id ?? '')
  const fields = channelFields[kind]
  const given = (secret: boolean) =>
    Object.fromEntries(
      fields
        .filter((field) => field.secret === secret)
        .flatMap(({ key }) => (values[key]?.trim() ? [[key, values[key].trim()]] : [])),
    )
  const secrets = given(true)
  const keepsSecrets = channel !== null && Object.keys(secrets).length === 0
  const right = fields.every(({ key, secret, needed, looks }) => {
    const value = values[key]?.trim() ?? ''
    if (value === '') return !needed || (secret && keepsSecrets)
    return !looks || looks.test(value)
  })
  const save = async (submitted: FormEvent) => {
    submitted.preventDefault()
    setBusy(true)
    const settings = given(false)
    const changed = Object.keys(secrets).length > 0 ? { secrets } : {}
    try {
      if (channel) {
        await channelsApi.change(channel.id, { name: name.trim(), settings, ...changed })
        onClose()
      } else {
        const { connection, made } = await channelsApi.add({ kind, bot, name: name.trim(), settings, ...changed })
        onMade({ connection, secret: made?.secret ?? null })
      }
    } catch (error) {
      showError(error)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t(channel ? 'edit.title' : `add.${kind}`)} onClose={onClose} wide>
      <form className={styles.form} onSubmit={save} noValidate>
        <p className={styles.about}>{t(`kind.${kind}.about`)}</p>
        <label className="bl-field">
          <span className="bl-field__label">{t('name')}</span>
          <input className="bl-input" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {!channel && (
          <label className="bl-field">
            <span className="bl-field__label">{t('bot')}</span>
            <select className="bl-select" value={bot} onChange={(event) => setPicked(event.target.value)}>
              {bots.data?.map(({ id, name: botName }) => (
                <option key={id} value={id}>
                  {botName}
                </option>
              ))}
            </select>
          </label>
        )}
        {fields.map(({ key, secret, placeholder }) => (
          <label key={key} className="bl-field">
            <span className="bl-field__label">{t(`field.${kind}.${key}`)}</span>
            <input
              className="bl-input"
              type={secret ? 'password' : 'text'}
              autoComplete={secret ? 'new-password' : 'off'}
              spellCheck={false}
              placeholder={secret && channel ? t('secret.stays') : placeholder}
              value={values[key] ?? ''}
              onChange={(event) => setValues((before) => ({ ...before, [key]: event.target.value }))}
            />
            <span className="bl-field__help">{t(`field.${kind}.${key}.help`)}</span>
          </label>
        ))}
        <footer>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!right || name.trim() === '' || bot === ''}>
            {channel ? t('save') : t('connect')}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
