import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookEndpoint } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys, queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import styles from '../connections.module.css'
import { outcomeWords } from './outcome-words.ts'
import { webhooksApi } from './webhooks-api.ts'
import type { WebhookDialog } from './webhooks-section.tsx'

/** One address: what it is told, how it does, and what can be done with it. */
export function WebhookCard({ webhook, open }: { webhook: WebhookEndpoint; open: (dialog: WebhookDialog) => void }) {
  const { t } = useTranslation('webhooks')
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const [asking, setAsking] = useState<'remove' | 'rotate' | null>(null)
  const [busy, setBusy] = useState(false)
  const { id, url, active, offReason } = webhook
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.webhooks })
  const change = (active: boolean) => webhooksApi.change(id, { active }).then(refresh, showError)
  const test = async () => {
    setBusy(true)
    try {
      const [last] = (await webhooksApi.test(id)).tries
      if (last) showToast(outcomeWords(t, last))
      await refresh()
    } catch (error) {
      showError(error)
    }
    setBusy(false)
  }
  const bot = bots.data?.find((one) => one.id === webhook.bot)?.name ?? ''
  return (
    <article className={styles.card} aria-label={url}>
      <div className={styles.top}>
        <div>
          <h3>{url}</h3>
          <p className={styles.about}>
            <span>{webhook.bot === null ? t('bots.all') : t('bots.one', { name: bot })}</span>
            {webhook.waiting > 0 && <span>{t('waiting', { count: webhook.waiting })}</span>}
            {webhook.failed > 0 && <span>{t('failed', { count: webhook.failed })}</span>}
          </p>
        </div>
        <label className={styles.onOff}>
          <input
            type="checkbox"
            role="switch"
            aria-checked={active}
            className="bl-switch"
            checked={active}
            onChange={() => void change(!active)}
          />
          {active ? t('on') : t('off')}
        </label>
      </div>
      {offReason !== null && (
        <Notice
          tone="error"
          action={
            <Button size="small" onClick={() => void change(true)}>
              {t('switch-on')}
            </Button>
          }
        >
          {t(offReason === 'gone' ? 'off.gone' : 'off.failing')}
        </Notice>
      )}
      {active && webhook.failingSince !== null && (
        <Notice tone="warn">
          <span>
            {t('failing')} <Time iso={webhook.failingSince} />
          </span>
        </Notice>
      )}
      <div className={styles.tags}>
        {webhook.events.map((event) => (
          <span key={event} className="bl-tag">
            {t(`event.${event}`)}
          </span>
        ))}
      </div>
      {webhook.oldSecretUntil !== null && <p className={styles.about}>{t('secret.both')}</p>}
      <div className={styles.acts}>
        <Button size="small" icon="history" onClick={() => open({ show: 'log', webhook })}>
          {t('log')}
        </Button>
        <Button size="small" icon="send" busy={busy} onClick={test}>
          {t('test')}
        </Button>
        <Button size="small" icon="pencil" onClick={() => open({ show: 'form', webhook })}>
          {t('edit')}
        </Button>
        <Menu
          trigger={(props) => (
            <Button size="small" icon="more" aria-label={t('more', { url })} {...props}>
              {t('more.short')}
            </Button>
          )}
          groups={[
            {
              items: [
                { key: 'rotate', label: t('rotate'), onPick: () => setAsking('rotate') },
                { key: 'remove', label: t('remove'), danger: true, onPick: () => setAsking('remove') },
              ],
            },
          ]}
        />
      </div>
      {asking === 'remove' && (
        <ConfirmDialog
          danger
          title={t('remove.title')}
          action={t('remove')}
          perform={() => webhooksApi.remove(id).then(refresh)}
          onClose={() => setAsking(null)}
        >
          <p>{t('remove.about', { url })}</p>
        </ConfirmDialog>
      )}
      {asking === 'rotate' && (
        <ConfirmDialog
          title={t('rotate')}
          action={t('rotate')}
          perform={async () => open({ show: 'secret', secret: (await webhooksApi.rotate(id)).secret })}
          onClose={() => setAsking(null)}
        >
          <p>{t('rotate.about')}</p>
        </ConfirmDialog>
      )}
    </article>
  )
}
