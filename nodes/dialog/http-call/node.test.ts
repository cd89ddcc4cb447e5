import { describe, expect, test } from 'vitest'
import { type ConfigOf, outputPorts } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { httpCall } from './node.ts'
import { holdsStatus, parseStatuses } from './statuses.ts'
import { toRequest } from './to-request.ts'

describeBlock(httpCall, import.meta.url, { branches: [{ id: 'none', statuses: '404' }] })

type Config = ConfigOf<typeof httpCall>
const config = (change: object): Config => httpCall.config.parse(change)
const request = (change: object, variables: Record<string, unknown> = {}, parameters: Record<string, unknown> = {}) =>
  toRequest(config(change), { variables, parameters, now: '2026-11-24T04:00:00Z', timeZone: 'UTC' })

const map = [{ id: 'm1', pointer: '/data/status', variable: 'status' }]
const shop = (change: object = {}, wires: string[] = []) =>
  graphOf(
    {
      s: { type: 'start' },
      q: { type: 'ask', config: { question: { en: 'Which order?' }, variable: 'order' } },
      api: {
        type: 'http-call',
        config: {
          url: 'https://api.shop.example/orders/{{order}}',
          map,
          branches: [{ id: 'none', statuses: '404' }],
          waiting: { en: 'One moment' },
          failed: { en: 'Not now' },
          ...change,
        },
      },
      ok: { type: 'say', config: { text: { en: 'It is {{status}}' } } },
      none: { type: 'say', config: { text: { en: 'No such order' } } },
      oh: { type: 'say', config: { text: { en: 'Our shop does not answer' } } },
    },
    ['s -> q', 'q -> api', 'api -> ok', 'api/status:none -> none', ...wires],
  )

describe('a conversation that asks another server', () => {
  test('says that it looks, and goes on with the answer', async () => {
    const chat = new ChatDriver(shop())
    await chat.start('en')
    expect(await chat.says('A 7')).toEqual(['One moment'])
    expect(chat.request()).toMatchObject({
      method: 'GET',
      url: 'https://api.shop.example/orders/A%207',
      pick: ['/data/status'],
    })
    expect(await chat.answers(200, { '/data/status': 'sent' })).toEqual(['It is sent'])
    expect(chat.session?.variables.status).toBe('sent')
  })

  test('a status with a way of its own goes that way, any other bad one fails', async () => {
    const chat = new ChatDriver(shop({}, ['api/error -> oh']))
    await chat.start('en')
    await chat.says('A7')
    expect(await chat.answers(404)).toEqual(['No such order'])
    const other = new ChatDriver(shop({}, ['api/error -> oh']))
    await other.start('en')
    await other.says('A7')
    expect(await other.answers(500)).toEqual(['Our shop does not answer'])
  })

  test('where no wire leaves by Failed, it is said that it failed', async () => {
    const chat = new ChatDriver(shop())
    await chat.start('en')
    await chat.says('A7')
    expect(await chat.fails('outbound-timeout')).toEqual(['Not now'])
  })

  test('what a good answer does not have is forgotten; a bad one changes nothing', async () => {
    const variables = { v: { id: 'v', name: 'status', type: 'text' as const, default: 'old' } }
    const missing = new ChatDriver({ ...shop(), variables })
    await missing.start('en')
    await missing.says('A7')
    await missing.answers(200)
    expect(missing.session?.variables).not.toHaveProperty('status')
    const bad = new ChatDriver({ ...shop(), variables })
    await bad.start('en')
    await bad.says('A7')
    await bad.answers(404)
    expect(bad.session?.variables.status).toBe('old')
  })

  test('an address that the values make none of fails without a request', async () => {
    const chat = new ChatDriver(shop({ url: '{{order}}/admin' }, ['api/error -> oh']))
    await chat.start('en')
    expect(await chat.says('https://evil.example')).toEqual(['Our shop does not answer'])
    expect(chat.session?.calling).toBeNull()
  })
})

describe('the request', () => {
  test('a value is a piece of the address and nothing more', () => {
    const url = (template: string, x: unknown) => request({ url: template }, { x })?.url
    expect(url('https://a.example/orders/{{x}}?full=1', '7/../admin?y=1#z')).toBe(
      'https://a.example/orders/7%2F..%2Fadmin%3Fy%3D1%23z?full=1',
    )
    expect(url('https://a.example/orders/{{x}}/items', '..')).toBe('https://a.example/orders//items')
    expect(url('https://a.example/?q={{x}}', '订单 7&admin=1')).toBe(
      'https://a.example/?q=%E8%AE%A2%E5%8D%95%207%26admin%3D1',
    )
    expect(url('https://{{x}}/', 'evil.example/a')).toBeUndefined()
    for (const template of ['https://{{x}}/', 'https://a.example{{x}}/', 'https://a.example{{x}}'])
      for (const x of ['evil.example', '.evil.example', ':8080', '@evil.example'])
        expect([template, x, url(template, x)]).toEqual([template, x, undefined])
    expect(url('https://a.example/{{x}}', '\ud800')).toBeUndefined()
    expect(url('javascript:{{x}}', 'alert(1)')).toBeUndefined()
  })

  test('only a parameter of the bot may be the beginning of an address', () => {
    const parameters = { base: 'https://api.client.example/v2/' }
    expect(request({ url: '{{base}}/orders/{{x}}' }, { x: '7' }, parameters)?.url).toBe(
      'https://api.client.example/v2/orders/7',
    )
    expect(request({ url: '{{base}}/orders' }, { base: 'https://evil.example' }, parameters)?.url).toBe(
      'https://api.client.example/v2/orders',
    )
    expect(request({ url: '{{x}}/orders' }, { x: 'https://evil.example' }, parameters)).toBeNull()
  })

  test('in JSON a value can only be a value, and one that stands alone keeps its type', () => {
    const body =
      '{"id": "{{order}}", "count": "{{n}}", "note": "for {{name}}", "gift": "{{gift}}", "none": "{{nothing}}"}'
    const sent = request(
      { method: 'POST', url: 'https://a.example', bodyKind: 'json', body },
      { order: 'A", "admin": true, "x": "', n: 3, name: '王', gift: false },
    )
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      id: 'A", "admin": true, "x": "',
      count: 3,
      note: 'for 王',
      gift: false,
      none: null,
    })
    expect(sent?.headers).toContainEqual({ name: 'Content-Type', value: 'application/json', secret: '' })
  })

  test('a form is written as browsers write it, and nothing is sent with GET', () => {
    const fields = [{ id: 'f', name: 'order no', value: '{{x}}&admin=1' }]
    const change = { url: 'https://a.example', bodyKind: 'form', fields }
    expect(request({ ...change, method: 'POST' }, { x: '7' })?.body).toBe('order+no=7%26admin%3D1')
    expect(request({ ...change, method: 'GET' }, { x: '7' })?.body).toBeNull()
  })

  test('a header is one line, whatever the visitor typed; a secret is named and not known', () => {
    const headers = [
      { id: 'a', name: 'X-Name', value: '{{x}}', secret: '' },
      { id: 'b', name: 'authorization', value: 'Bearer', secret: 'TOKEN' },
      { id: 'c', name: 'accept', value: 'text/csv', secret: '' },
    ]
    expect(request({ url: 'https://a.example', headers }, { x: '王\r\nX-Admin: 1' })?.headers).toEqual([
      { name: 'X-Name', value: '%E7%8E%8B X-Admin: 1', secret: '' },
      { name: 'authorization', value: 'Bearer', secret: 'TOKEN' },
      { name: 'accept', value: 'text/csv', secret: '' },
    ])
  })

  test('what may be sent twice is told by the method, or by the author', () => {
    const may = (change: object) => request({ url: 'https://a.example', ...change })?.repeatable
    expect(['GET', 'PUT', 'DELETE', 'POST', 'PATCH'].map((method) => may({ method }))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(may({ method: 'POST', repeatable: true })).toBe(true)
  })

  test('the sample gives what a real answer would give', () => {
    expect(request({ url: 'https://a.example', map, sample: '{"data": {"status": "sent", "x": 1}}' })?.sample).toEqual({
      status: 200,
      picked: { '/data/status': 'sent' },
    })
    expect(request({ url: 'https://a.example', map, sample: 'no JSON' })?.sample).toEqual({ status: 200, picked: {} })
    expect(request({ url: 'https://a.example', map })?.sample).toBeNull()
  })
})

test.each([
  ['404', [[404, 404]]],
  [
    '404, 410，422',
    [
      [404, 404],
      [410, 410],
      [422, 422],
    ],
  ],
  ['4xx', [[400, 499]]],
  ['500-503', [[500, 503]]],
  ['4o4', []],
  ['404, x', []],
  ['', []],
])('statuses: %s', (text, ranges) => {
  expect(parseStatuses(text)).toEqual(ranges)
})

test('a status belongs to the first way that holds it', () => {
  expect([holdsStatus('404', 404), holdsStatus('4xx', 404), holdsStatus('500-503', 404)]).toEqual([true, true, false])
})

test('each way by status is a port, between answered and failed', () => {
  const ports = outputPorts(httpCall, config({ branches: [{ id: 'b', statuses: '404' }] }), { labels: [] } as never)
  expect(Object.keys(ports)).toEqual(['out', 'status:b', 'error'])
})

describe('problems', () => {
  const codes = (change: object) =>
    httpCall
      .check?.(config({ url: 'https://a.example', ...change }), { languages: ['en'], names: ['order'] })
      .map(({ code, field }) => `${code} ${field}`)
  test.each<[object, string[]]>([
    [{}, []],
    [{ url: '' }, ['url-missing url']],
    [{ url: 'ftp://a.example' }, ['url-invalid url']],
    [{ url: 'http://a.example' }, ['url-open url']],
    [{ url: 'https://a.example/{{number}}' }, ['unknown-name url']],
    [
      { headers: [{ id: 'h', name: 'a b', value: '{{x}}' }] },
      ['header-name headers.h.name', 'unknown-name headers.h.value'],
    ],
    [{ method: 'POST', bodyKind: 'json', body: '{"a": {{order}}}' }, ['body-not-json body']],
    [
      { method: 'POST', bodyKind: 'form', fields: [{ id: 'f', name: 'a', value: '{{x}}' }] },
      ['unknown-name fields.f.value'],
    ],
    [{ map: [{ id: 'm', pointer: '/a', variable: '' }] }, ['variable-missing map.m.variable']],
    [{ branches: [{ id: 'b', statuses: 'missing' }] }, ['statuses-invalid branches.b.statuses']],
    [{ tries: 'sample' }, ['sample-missing sample']],
    [{ tries: 'sample', sample: '{}' }, []],
  ])('%j', (change, expected) => {
    expect(codes(change)).toEqual(expected)
  })
})

test('variables that it remembers have the types of the sample', () => {
  const three = ['status', 'count', 'paid'].map((name) => ({ id: name, pointer: `/${name}`, variable: name }))
  const found = httpCall.variables?.(config({ map: three, sample: '{"status": "a", "count": 3, "paid": true}' }))
  expect(found).toEqual([
    { name: 'status', type: 'text' },
    { name: 'count', type: 'number' },
    { name: 'paid', type: 'boolean' },
  ])
})
