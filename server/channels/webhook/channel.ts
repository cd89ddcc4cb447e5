import { z } from 'zod'
import { BotloomError, firstIssue } from '#kit'
import { storableText } from '#server/data/storable-text.ts'
import { checkWebhook, newSigningSecret, sendSigned } from '#server/webhooks/sign.ts'
import { defineChannel } from '../define-channel.ts'
import { plainMessage } from '../plain-message.ts'

const words = (most: number) => z.string().max(most).transform(storableText)
const id = words(64).refine((text) => text.trim() !== '')
const incoming = z.strictObject({
  type: z.enum(['message', 'start']).default('message'),
  /** Its own id; where there is none, the `webhook-id` of the request. */
  id: id.optional(),
  sender: id,
  text: words(4_000).optional(),
  choice: z.strictObject({ block: words(64), value: words(200) }).optional(),
  language: z.string().max(35).optional(),
  attributes: z.record(words(64), words(500)).optional(),
  /** The replies are wanted in the answer, too. */
  reply: z.boolean().default(false),
})

/** Any other program: it posts what its people write and is posted what is said to them, signed on both ways alike. */
export const webhookChannel = defineChannel({
  kind: 'webhook',
  settings: z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
  }),
  secrets: z.strictObject({ secret: z.string() }),
  makeSecrets: () => ({ secret: newSigningSecret() }),

  receive(request, { secrets, now }) {
    const signed = checkWebhook([secrets.secret], request.header, request.body, now)
    const parsed = incoming.safeParse(parseJson(request.body))
    if (!parsed.success) {
      const { place, params } = firstIssue(parsed.error)
      throw new BotloomError('invalid-request', { at: place, ...params })
    }
    const { reply, ...said } = parsed.data
    if (said.type === 'message' && !said.text?.trim() && !said.choice)
      throw new BotloomError('channel-message', { what: 'text' })
    return { type: 'messages', incoming: [{ ...said, id: said.id ?? storableText(signed).slice(0, 64) }], wait: reply }
  },

  async send({ message, sender, conversation }, { settings, secrets, tools }) {
    // Without an address the replies are read from the answers, or from `/v1`.
    if (settings.url === undefined) return
    const { trace: _, ...shown } = message
    const body = JSON.stringify({
      type: 'message',
      sender,
      conversation,
      message: { ...shown, plain: plainMessage(message) },
    })
    const { status } = await sendSigned(tools.outbound, {
      ...{ url: settings.url, secrets: [secrets.secret], id: message.id, at: tools.now(), body },
    })
    if (status < 200 || status > 299) throw new BotloomError('channel-refused', { status })
  },
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BotloomError('channel-message', { what: 'JSON' })
  }
}
