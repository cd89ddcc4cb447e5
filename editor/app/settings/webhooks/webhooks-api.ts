import type { WebhookDelivery, WebhookDeliveryPage, WebhookEndpoint } from '#server/api/dto.ts'
import { path, send } from '../../api.ts'

export type WebhookWish = Pick<WebhookEndpoint, 'url' | 'events' | 'bot'>
export interface WebhookMade {
  endpoint: WebhookEndpoint
  secret: string
}

/** What the page of webhooks asks the server. */
export const webhooksApi = {
  list: (): Promise<{ endpoints: WebhookEndpoint[]; events: WebhookEndpoint['events'] }> =>
    send('GET', '/api/webhooks'),
  add: (wish: WebhookWish): Promise<WebhookMade> => send('POST', '/api/webhooks', { json: wish }),
  change: (id: string, change: Partial<WebhookWish> & { active?: boolean }): Promise<WebhookEndpoint> =>
    send('PATCH', path`/api/webhooks/${id}`, { json: change }),
  remove: (id: string): Promise<void> => send('DELETE', path`/api/webhooks/${id}`),
  rotate: (id: string): Promise<WebhookMade> => send('POST', path`/api/webhooks/${id}/secret`),
  test: (id: string): Promise<WebhookDelivery> => send('POST', path`/api/webhooks/${id}/test`),
  log: (id: string, status: string, before: number | null): Promise<WebhookDeliveryPage> =>
    send('GET', path`/api/webhooks/${id}/deliveries`, { query: { status, before } }),
  again: (id: string, delivery: string): Promise<{ sent: number }> =>
    send('POST', path`/api/webhooks/${id}/deliveries/${delivery}/again`),
  allAgain: (id: string, since: string): Promise<{ sent: number }> =>
    send('POST', path`/api/webhooks/${id}/again`, { json: { since } }),
}
