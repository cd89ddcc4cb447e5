import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookEndpoint } from '#server/api/dto.ts'
import { keys, queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import styles from '../connections.module.css'
import { WebhookCard } from './webhook-card.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookLog } from './webhook-log.tsx'
import { webhooksApi } from './webhooks-api.ts'

export type WebhookDialog =
  | { show: 'form'; webhook: WebhookEndpoint | null }
  | { show: 'log'; webhook: WebhookEndpoint }
  | { show: 'secret'; secret: string }

/** Addresses that are told what happens in conversations. */
export function WebhooksSection() {
  const { t } = useTranslation('webhooks')
  const [dialog, setDialog] = useState<WebhookDialog | null>(null)
  const list = useQuery({ queryKey: keys.webhooks, queryFn: webhooksApi.list })
  const close = () => {
    setDialog(null)
    void queryClient.invalidateQueries({ queryKey: keys.webhooks })
  }
  const add = (
    <Button variant="primary" icon="plus" onClick={() => setDialog({ show: 'form', webhook: null })}>
      {t('add')}
    </Button>
  )
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
        {list.data && list.data.endpoints.length > 0 && add}
      </header>
      {list.error && <ErrorNotice error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <div className="bl-skeleton" style={{ height: 160 }} />}
      {list.data?.endpoints.length === 0 && (
        <div className={styles.empty}>
          <p>{t('none')}</p>
          {add}
        </div>
      )}
      <div className={styles.cards}>
        {list.data?.endpoints.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} open={setDialog} />
        ))}
      </div>
      {dialog?.show === 'form' && list.data && (
        <WebhookForm
          webhook={dialog.webhook}
          events={list.data.events}
          onClose={close}
          onMade={(secret) => {
            close()
            setDialog({ show: 'secret', secret })
          }}
        />
      )}
      {dialog?.show === 'log' && <WebhookLog webhook={dialog.webhook} onClose={close} />}
      {dialog?.show === 'secret' && (
        <Dialog
          title={t('secret.title')}
          onClose={close}
          footer={
            <Button variant="primary" onClick={close}>
              {t('secret.kept')}
            </Button>
          }
        >
          <div className={styles.form}>
            <Notice tone="warn">{t('secret.once')}</Notice>
            <CopyField label={t('secret')} value={dialog.secret} />
          </div>
        </Dialog>
      )}
    </section>
  )
}
