/** All that a webhook can be told of, in the order in which it is offered. Names never change: other people's programs read them. */
export const webhookEventTypes = [
  'conversation.started',
  'message.created',
  'conversation.handed_over',
  'conversation.taken',
  'conversation.given_back',
  'conversation.ended',
  'conversation.rated',
  'version.published',
] as const

export type WebhookEventType = (typeof webhookEventTypes)[number]

/** What *Send a test* sends; nobody has to ask for it. */
export const testEventType = 'webhook.test'
