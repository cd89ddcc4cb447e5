import { z } from 'zod'
import { BotloomError } from '#kit'
import { defineChannel } from '../define-channel.ts'
import { readWecomMessage, readXml } from './read-wecom.ts'
import { sendWecom, wecomBase } from './wecom-api.ts'
import { checkWecomSignature, decryptWecom } from './wecom-crypto.ts'
import { toWecom } from './write-wecom.ts'

/** Seconds by which the time of a callback may differ from ours. What is repeated within them is one message by its id. */
const tolerance = 10 * 60

/** An app of WeCom (企业微信自建应用): it calls back with what members write, and is told what to show them. */
export const wecomChannel = defineChannel({
  kind: 'wecom',
  settings: z.strictObject({
    corpId: z.string().trim().min(1).max(64),
    agentId: z
      .string()
      .trim()
      .regex(/^\d{1,12}$/),
    /** Another address than WeCom's own, of an installation in a house. */
    base: z
      .url({ protocol: /^https?$/ })
      .max(200)
      .optional(),
  }),
  secrets: z.strictObject({
    token: z.string().trim().min(1).max(64),
    aesKey: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9+/]{43}$/),
    secret: z.string().trim().min(1).max(200),
  }),
  makeSecrets: null,

  receive(request, { settings, secrets, now }) {
    const [signature, timestamp, nonce] = ['msg_signature', 'timestamp', 'nonce'].map((name) => request.query(name))
    if (!signature || !timestamp || !nonce) throw new BotloomError('signature-invalid')
    const first = request.method === 'GET'
    const encrypted = (first ? request.query('echostr') : readXml(request.body).Encrypt) ?? ''
    checkWecomSignature({ signature, timestamp, nonce, encrypted }, secrets.token)
    if (!(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= tolerance)) throw new BotloomError('signature-old')
    const message = decryptWecom(encrypted, secrets.aesKey, settings.corpId)
    // The first call of an address is answered with what it holds: that shows that we have the key.
    if (first) return { type: 'answer', body: message }
    const incoming = readWecomMessage(readXml(message))
    return { type: 'messages', incoming: incoming ? [incoming] : [] }
  },

  async send({ message, sender, again }, { settings, secrets, tools }) {
    const app = { ...settings, base: settings.base?.replace(/\/+$/, '') ?? wecomBase, secret: secrets.secret }
    for (const content of toWecom(message)) await sendWecom(app, sender, content, again, tools)
  },
})
