import type { TFunction } from 'i18next'
import type { WebhookDelivery } from '#server/api/dto.ts'

/** How one attempt ended, in words. */
export function outcomeWords(t: TFunction<'webhooks'>, attempt: WebhookDelivery['tries'][number]): string {
  const { status, ms, error } = attempt
  if (status === null) return error ?? t('outcome.none')
  return status >= 200 && status < 300 ? t('outcome.ok', { status, ms }) : t('outcome.refused', { status, ms })
}
