import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Message } from '#server/api/dto.ts'
import { wecomChannel } from './channel.ts'
import { readWecomMessage, readXml } from './read-wecom.ts'
import { decryptWecom, encryptWecom } from './wecom-crypto.ts'
import { toWecom } from './write-wecom.ts'

interface Fixture {
  token: string
  aesKey: string
  corpId: string
  now: number
  method: string
  query: Record<string, string>
  body: string
  plain?: string
}
const fixture = async (name: string): Promise<Fixture> =>
  JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'))
const receive = (given: Fixture, change: Partial<Fixture> = {}) => {
  const { token, aesKey, corpId, now, method, query, body } = { ...given, ...change }
  return wecomChannel.receive(
    { method, query: (name) => query[name], header: () => undefined, body },
    {
      settings: { corpId, agentId: '1000002' },
      secrets: { token, aesKey, secret: 's' },
      now: new Date(now * 1000),
    },
  )
}
const refused = (code: string) => expect.objectContaining({ code })

describe('callbacks of WeCom', () => {
  test('Tencent’s own sample is read: the first call is answered with what it holds, a message is a message', async () => {
    expect(receive(await fixture('tencent-verify'))).toEqual({ type: 'answer', body: '1616140317555161061' })
    expect(receive(await fixture('tencent-text'))).toMatchObject({
      type: 'messages',
      incoming: [{ id: '4561255354251345929', sender: 'mycreate', type: 'message', text: 'hello' }],
    })
  })

  test('callbacks made with openssl are read, whatever they hold', async () => {
    const verify = await fixture('verify')
    expect(receive(verify)).toEqual({ type: 'answer', body: verify.plain })
    const said = async (name: string) => {
      const received = receive(await fixture(name))
      return received.type === 'messages' ? received.incoming : null
    }
    expect(await said('text')).toMatchObject([
      { id: '7000000000000000001', sender: 'LiNa', text: '我的快递 <到哪> & 什么时候到？' },
    ])
    // A number stays what was written.
    expect(await said('number')).toMatchObject([{ text: '2' }])
    expect(await said('image')).toMatchObject([{ text: '[图片] https://wework.qpic.cn/x/0' }])
    expect(await said('enter')).toMatchObject([{ type: 'start', sender: 'LiNa' }])
    expect(await said('view')).toEqual([])
  })

  test('what is not signed, changed, old, for somebody else or without its time is refused', async () => {
    const text = await fixture('text')
    const query = (change: Record<string, string>) => ({ query: { ...text.query, ...change } })
    expect(() => receive(text, query({ msg_signature: '0'.repeat(40) }))).toThrow(refused('signature-invalid'))
    expect(() => receive(text, query({ nonce: 'other' }))).toThrow(refused('signature-invalid'))
    expect(() => receive(text, { query: {} })).toThrow(refused('signature-invalid'))
    expect(() => receive(text, { token: 'other' })).toThrow(refused('signature-invalid'))
    expect(() => receive(text, { corpId: 'wwother' })).toThrow(refused('signature-invalid'))
    expect(() => receive(text, { aesKey: 'A'.repeat(43) })).toThrow(refused('signature-invalid'))
    expect(() => receive(text, { now: text.now + 601 })).toThrow(refused('signature-old'))
    expect(() => receive(text, { body: '<xml>' })).toThrow()
    expect(() => receive(text, { body: 'not XML at all' })).toThrow(refused('channel-message'))
  })

  test('declared entities are refused before a parser sees them', async () => {
    const entities = await fixture('entities')
    expect(() => receive(entities)).toThrow(refused('channel-message'))
    expect(readXml('<xml><Content>&lt;b&gt;</Content></xml>').Content).toBe('&lt;b&gt;')
  })

  test('what is encrypted is decrypted again, at every length of the padding', () => {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
    for (let length = 0; length < 70; length++)
      expect(decryptWecom(encryptWecom('字'.repeat(length), key, 'ww1'), key, 'ww1')).toBe('字'.repeat(length))
    expect(() => decryptWecom('', key, 'ww1')).toThrow(refused('signature-invalid'))
    expect(() => decryptWecom('AAAA', key, 'ww1')).toThrow(refused('signature-invalid'))
  })

  test('nobody is the sender of what the system says', () => {
    expect(readWecomMessage({ FromUserName: 'sys', MsgType: 'event', Event: 'subscribe' })).toBeNull()
  })
})

describe('what WeCom shows of a message', () => {
  const shown = (parts: object[]) => toWecom({ parts: parts as Message['parts'], text: '' })

  test('words and buttons are one text with numbers, pictures and cards are articles, in their order', () => {
    expect(
      shown([
        { type: 'text', text: '要查什么？' },
        {
          type: 'buttons',
          block: 'b',
          options: [
            { value: 'a', text: '快递' },
            { value: 'b', text: '退款' },
          ],
        },
        { type: 'image', url: 'https://a.example/1.png', text: '流程图' },
        { type: 'pace', ms: 400 },
      ]),
    ).toEqual([
      { msgtype: 'text', text: { content: '要查什么？\n1. 快递\n2. 退款' } },
      {
        msgtype: 'news',
        news: {
          articles: [
            { title: '流程图', description: '', url: 'https://a.example/1.png', picurl: 'https://a.example/1.png' },
          ],
        },
      },
    ])
    // A card without an address cannot be an article; its words are kept.
    expect(shown([{ type: 'cards', text: 'A', cards: [{ title: 'A', text: 'a' }] }])).toEqual([
      { msgtype: 'text', text: { content: 'A\na' } },
    ])
  })

  test('a long text is cut into pieces that WeCom takes, and nothing is lost', () => {
    const text = Array.from({ length: 40 }, (_, line) => `${line} ${'字'.repeat(60)}`).join('\n') + '尾'.repeat(900)
    const pieces = shown([{ type: 'text', text }]).map((one) => (one.msgtype === 'text' ? one.text.content : ''))
    expect(Math.max(...pieces.map((piece) => Buffer.byteLength(piece)))).toBeLessThanOrEqual(2048)
    expect(pieces.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''))
  })
})
