import { z } from 'zod'
import { BotloomError } from '#kit'
import type { ChannelTools } from '../define-channel.ts'

export const wecomBase = 'https://qyapi.weixin.qq.com'
const timeout = 10_000
/** Codes that say that a token is not, or no longer, good. */
const staleToken = new Set([40_001, 40_014, 42_001])
/** Codes that say that there is nobody to give it to: no use in trying again. */
const nobody = new Set([40_003, 60_111, 81_013])

const tokenAnswer = z.object({
  errcode: z.number().default(0),
  errmsg: z.string().default(''),
  access_token: z.string().default(''),
  expires_in: z.number().default(0),
})
const sendAnswer = z.object({
  errcode: z.number().default(0),
  errmsg: z.string().default(''),
  invaliduser: z.string().default(''),
})

interface App {
  base: string
  corpId: string
  agentId: string
  secret: string
}
/** Tokens in memory, by connection and secret: each server asks for its own, and WeCom gives all of them the same. */
const tokens = new Map<string, { token: string; until: number }>()

/** Sends to one member of the app. Throws `wecom-refused`, `wecom-nobody` and what the way out throws. */
export async function sendWecom(
  app: App,
  user: string,
  content: object,
  again: boolean,
  tools: ChannelTools,
): Promise<void> {
  const body = JSON.stringify({
    touser: user,
    agentid: Number(app.agentId),
    ...content,
    // WeCom knows no id of ours: a repeated one is told from its words, for ten minutes.
    ...(again && { enable_duplicate_check: 1, duplicate_check_interval: 600 }),
  })
  for (let tries = 0; ; tries++) {
    const token = await tokenOf(app, tools, tries > 0)
    const url = `${app.base}/cgi-bin/message/send?access_token=${encodeURIComponent(token)}`
    const { errcode, errmsg, invaliduser } = await ask(url, 'POST', body, sendAnswer, tools)
    if (staleToken.has(errcode) && tries === 0) continue
    if (nobody.has(errcode) || (errcode === 0 && invaliduser !== '')) throw new BotloomError('wecom-nobody', { user })
    if (errcode !== 0) throw new BotloomError('wecom-refused', { errcode, errmsg: errmsg.slice(0, 200) })
    return
  }
}

async function tokenOf(app: App, tools: ChannelTools, renew: boolean): Promise<string> {
  const key = `${tools.connection} ${app.corpId} ${app.secret}`
  const known = tokens.get(key)
  if (known && !renew && known.until > tools.now().getTime()) return known.token
  const query = new URLSearchParams({ corpid: app.corpId, corpsecret: app.secret })
  const answer = await ask(`${app.base}/cgi-bin/gettoken?${query}`, 'GET', null, tokenAnswer, tools)
  const { errcode, errmsg, access_token: token, expires_in: seconds } = answer
  if (errcode !== 0 || token === '') throw new BotloomError('wecom-refused', { errcode, errmsg: errmsg.slice(0, 200) })
  // A minute early, so that none runs out on its way.
  tokens.set(key, { token, until: tools.now().getTime() + (seconds - 60) * 1_000 })
  return token
}

async function ask<S extends z.ZodType>(
  url: string,
  method: 'GET' | 'POST',
  body: string | null,
  schema: S,
  tools: ChannelTools,
): Promise<z.output<S>> {
  const answer = await tools.outbound.send({
    url,
    method,
    ...(body !== null && { body, headers: { 'content-type': 'application/json' } }),
    timeout,
  })
  if (answer.status !== 200) throw new BotloomError('channel-refused', { status: answer.status })
  try {
    return schema.parse(JSON.parse(answer.body.toString('utf8')))
  } catch (cause) {
    throw new BotloomError('wecom-refused', { errcode: answer.status, errmsg: 'no JSON' }, { cause })
  }
}
