import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WebhookDelivery, WebhookEndpoint } from '#server/api/dto.ts'
import { keys, queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { fullTime } from '../../ui/words.ts'
import styles from '../connections.module.css'
import { outcomeWords } from './outcome-words.ts'
import { webhooksApi } from './webhooks-api.ts'

const tones = { done: 'ok', failed: 'error', waiting: 'warn' } as const
const hour = 3_600_000
const spans = { hour, day: 24 * hour, month: 30 * 24 * hour } as const

/** What an address was told in the last thirty days, and what it answered. */
export function WebhookLog({ webhook, onClose }: { webhook: WebhookEndpoint; onClose: () => void }) {
  const { t } = useTranslation('webhooks')
  const [status, setStatus] = useState('')
  const [span, setSpan] = useState<keyof typeof spans>('day')
  const log = useInfiniteQuery({
    queryKey: keys.webhookLog(webhook.id, status),
    queryFn: ({ pageParam }) => webhooksApi.log(webhook.id, status, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  })
  const entries = log.data?.pages.flatMap(({ deliveries }) => deliveries) ?? []
  const again = async (ask: Promise<{ sent: number }>) => {
    try {
      showToast(t('again.done', { count: (await ask).sent }))
      await queryClient.invalidateQueries({ queryKey: keys.webhooks })
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Dialog title={t('log.title')} onClose={onClose} wide>
      <div className={styles.log}>
        <p className={styles.about}>{webhook.url}</p>
        <div className={styles.bar}>
          <select
            className="bl-select"
            aria-label={t('log.filter')}
            value={status}
            onChange={(event) => setStatus(event.target.value)}
          >
            <option value="">{t('status.all')}</option>
            {(['done', 'waiting', 'failed'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`status.${one}`)}
              </option>
            ))}
          </select>
          <div className={styles.acts}>
            <select
              className="bl-select"
              aria-label={t('again.since')}
              value={span}
              onChange={(event) => setSpan(event.target.value as keyof typeof spans)}
            >
              {(['hour', 'day', 'month'] as const).map((one) => (
                <option key={one} value={one}>
                  {t(`again.${one}`)}
                </option>
              ))}
            </select>
            <Button
              icon="restart"
              disabled={!webhook.active}
              onClick={() => again(webhooksApi.allAgain(webhook.id, new Date(Date.now() - spans[span]).toISOString()))}
            >
              {t('again.all')}
            </Button>
          </div>
        </div>
        {log.error && <ErrorNotice error={log.error} onRetry={() => log.refetch()} />}
        {log.isPending && <div className="bl-skeleton" style={{ height: 120 }} />}
        {log.data && entries.length === 0 && <p className={styles.empty}>{t('log.none')}</p>}
        {entries.length > 0 && (
          <ul className={styles.entries}>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                again={webhook.active ? () => again(webhooksApi.again(webhook.id, entry.id)) : null}
              />
            ))}
          </ul>
        )}
        {log.hasNextPage && (
          <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t('log.more')}
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function Entry({ entry, again }: { entry: WebhookDelivery; again: (() => void) | null }) {
  const { t } = useTranslation('webhooks')
  return (
    <li>
      <details>
        <summary>
          <span className={`bl-tag bl-tag--${tones[entry.status]}`}>{t(`status.${entry.status}`)}</span>
          <code className={styles.type}>{entry.type}</code>
          <small>
            <Time iso={entry.at} />
          </small>
        </summary>
        <div className={styles.more}>
          {entry.nextAt !== null && <p className={styles.about}>{t('log.next', { at: fullTime(entry.nextAt) })}</p>}
          <ol>
            {entry.tries.map((attempt) => (
              <li key={attempt.at}>
                {fullTime(attempt.at)} · {outcomeWords(t, attempt)}
                {attempt.answer !== '' && <pre>{attempt.answer}</pre>}
              </li>
            ))}
          </ol>
          <p className={styles.about}>
            {t('log.body')} <code className={styles.code}>{entry.event}</code>
          </p>
          <pre>{JSON.stringify(JSON.parse(entry.body), null, 2)}</pre>
          {again && entry.status !== 'waiting' && (
            <div>
              <Button size="small" icon="restart" onClick={again}>
                {t('again')}
              </Button>
            </div>
          )}
        </div>
      </details>
    </li>
  )
}
