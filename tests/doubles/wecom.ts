import { openReceiver } from '../drivers/receiver.ts'

interface Sent {
  touser: string
  agentid: number
  msgtype: 'text' | 'news'
  text?: { content: string }
  news?: { articles: { title: string; url: string; picurl?: string }[] }
  enable_duplicate_check?: number
}

/** WeCom's API for one app; see README.md. `expire` makes every token that was given stale. */
export async function openWecom(app: { corpId: string; secret: string; members: string[] }) {
  const sent: Sent[] = []
  const given: string[] = []
  let good = ''
  let refuse: { errcode: number; errmsg: string } | null = null
  const json = (value: object) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })
  const receiver = await openReceiver(({ method, path, body }) => {
    const url = new URL(path, 'http://wecom.test')
    if (method === 'GET' && url.pathname === '/cgi-bin/gettoken') {
      if (url.searchParams.get('corpid') !== app.corpId) return json({ errcode: 40013, errmsg: 'invalid corpid' })
      if (url.searchParams.get('corpsecret') !== app.secret)
        return json({ errcode: 40001, errmsg: 'invalid credential' })
      good = `token-${given.length + 1}`
      given.push(good)
      return json({ errcode: 0, errmsg: 'ok', access_token: good, expires_in: 7200 })
    }
    if (method === 'POST' && url.pathname === '/cgi-bin/message/send') {
      const token = url.searchParams.get('access_token') ?? ''
      if (!given.includes(token)) return json({ errcode: 40014, errmsg: 'invalid access_token' })
      if (token !== good) return json({ errcode: 42001, errmsg: 'access_token expired' })
      if (refuse) return json(refuse)
      const message: Sent = JSON.parse(body)
      if (!app.members.includes(message.touser))
        return json({ errcode: 81013, errmsg: 'user & party & tag all invalid' })
      if (Buffer.byteLength(message.text?.content ?? '') > 2048)
        return json({ errcode: 45002, errmsg: 'content size out of limit' })
      if (message.news?.articles.some(({ title, url: link }) => !title || !link))
        return json({ errcode: 41016, errmsg: 'missing title or url' })
      sent.push(message)
      return json({ errcode: 0, errmsg: 'ok', msgid: `m${sent.length}` })
    }
    return { status: 404 }
  })
  return {
    url: receiver.url,
    host: receiver.host,
    sent,
    tokens: given,
    /** What was said, in its order. */
    texts: () =>
      sent.map(
        ({ text, news }) => text?.content ?? news?.articles.map(({ title, url }) => `${title} ${url}`).join('\n'),
      ),
    expire() {
      good = ''
    },
    refuse(answer: typeof refuse) {
      refuse = answer
    },
    close: receiver.close,
  }
}
