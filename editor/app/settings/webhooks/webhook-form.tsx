import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookEndpoint } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys } from '../../query.ts'
import { toggled } from '../../toggled.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { showError } from '../../ui/toast.tsx'
import styles from '../connections.module.css'
import { webhooksApi } from './webhooks-api.ts'

/** A new address, or one that there is: where it is, of which bot and what it is told. */
export function WebhookForm({
  webhook,
  events,
  onClose,
  onMade,
}: {
  webhook: WebhookEndpoint | null
  events: WebhookEndpoint['events']
  onClose: () => void
  onMade: (secret: string) => void
}) {
  const { t } = useTranslation('webhooks')
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [bot, setBot] = useState(webhook?.bot ?? '')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    new Set(webhook?.events ?? ['conversation.handed_over', 'conversation.ended']),
  )
  const [busy, setBusy] = useState(false)
  const right = /^https?:\/\/\S+$/.test(url.trim()) && URL.canParse(url.trim())
  const save = async (submitted: FormEvent) => {
    submitted.preventDefault()
    setBusy(true)
    const wish = {
      url: url.trim(),
      bot: bot === '' ? null : bot,
      events: events.filter((event) => chosen.has(event)),
    }
    try {
      if (webhook) {
        await webhooksApi.change(webhook.id, wish)
        onClose()
      } else onMade((await webhooksApi.add(wish)).secret)
    } catch (error) {
      showError(error)
      setBusy(false)
    }
  }
  const toggle = (event: string) => setChosen((before) => toggled(before, event))
  return (
    <Dialog title={webhook ? t('edit.title') : t('add')} onClose={onClose} wide>
      <form className={styles.form} onSubmit={save} noValidate>
        <label className="bl-field">
          <span className="bl-field__label">{t('url')}</span>
          <input
            className="bl-input"
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2000}
            placeholder="https://crm.your-shop.example/botloom"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
          <span className="bl-field__help">{t('url.help')}</span>
        </label>
        <label className="bl-field">
          <span className="bl-field__label">{t('bot')}</span>
          <select className="bl-select" value={bot} onChange={(event) => setBot(event.target.value)}>
            <option value="">{t('bots.all')}</option>
            {bots.data?.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <fieldset>
          <legend>{t('events')}</legend>
          {events.map((event) => (
            <label key={event} className={`bl-check ${styles.choice}`}>
              <input type="checkbox" checked={chosen.has(event)} onChange={() => toggle(event)} />
              <span>
                <strong>{t(`event.${event}`)}</strong>
                <small>
                  {t(`event.${event}.about`)} <code>{event}</code>
                </small>
              </span>
            </label>
          ))}
        </fieldset>
        <footer>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!right || chosen.size === 0}>
            {webhook ? t('save') : t('add')}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
