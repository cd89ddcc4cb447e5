import { createHmac, randomBytes } from 'node:crypto'
import { BotloomError } from '#kit'
import { sameText } from '#server/auth/secrets.ts'
import type { Outbound, OutboundAnswer } from '#server/outbound/outbound.ts'

/*
 * Standard Webhooks (standardwebhooks.com, 1.0): HMAC-SHA256 over `id.timestamp.body`, the secret as `whsec_` and base64.
 */

const prefix = 'whsec_'
/** Seconds by which a sender's clock may differ, and after which a request that was overheard is worth nothing. */
const tolerance = 5 * 60

export function newSigningSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`
}

/** The three headers. While a secret is being changed there are two, and a signature of each. */
export function signWebhook(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signatureOf(secret, id, timestamp, body)).join(' '),
  }
}

/** Milliseconds for a receiver to answer. */
const patience = 15_000
const mostAnswered = 16_384

/** Posts what is signed; whatever the receiver answers is an answer, a redirect too. Throws as `Outbound.send`. */
export function sendSigned(
  outbound: Pick<Outbound, 'send'>,
  { url, secrets, id, at, body }: { url: string; secrets: readonly string[]; id: string; at: Date; body: string },
): Promise<OutboundAnswer> {
  return outbound.send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signWebhook(secrets, id, at, body) },
    body,
    timeout: patience,
    mostBytes: mostAnswered,
    redirects: 'answer',
    longBody: 'cut',
  })
}

/** Checks what somebody else signed and gives its `webhook-id`. Throws `signature-invalid`, `signature-old`. */
export function checkWebhook(
  secrets: readonly string[],
  headers: (name: string) => string | undefined,
  body: string,
  now: Date,
): string {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers(name))
  if (!id || !timestamp || !given || !/^\d{1,12}$/.test(timestamp)) throw new BotloomError('signature-invalid')
  const offered = given.split(' ').slice(0, 10)
  const known = secrets.map((secret) => signatureOf(secret, id, timestamp, body))
  if (!offered.some((one) => known.some((signature) => sameText(one, signature))))
    throw new BotloomError('signature-invalid')
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > tolerance) throw new BotloomError('signature-old')
  return id
}

function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
