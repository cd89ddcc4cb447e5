import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOutbound } from '#server/outbound/outbound.ts'
import { type Heard, openReceiver } from '../../tests/drivers/receiver.ts'
import { openHttpSource } from './http-json.ts'
import type { Paging } from './source-shapes.ts'

type Service = Awaited<ReturnType<typeof openReceiver>>
let service: Service
let outbound: ReturnType<typeof createOutbound>
const tickets = Array.from({ length: 25 }, (_, i) => ({
  id: i + 1,
  ask: { text: `question ${i + 1}`, tags: ['a', 'b'] },
  parts: [{ n: i }],
  none: null,
}))
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  status: 200,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})
const parameter = (heard: Heard, name: string) => new URL(heard.path, 'http://x').searchParams.get(name)

beforeEach(async () => {
  service = await openReceiver()
  outbound = createOutbound({ allow: [service.host] })
})
afterEach(async () => {
  await outbound.close()
  await service.close()
})

async function read(
  paging: Paging,
  {
    rowsAt = null,
    most = 1_000,
    url = '/tickets?limit=10',
  }: { rowsAt?: string | null; most?: number; url?: string } = {},
) {
  const headers = [{ name: 'Authorization', value: 'Bearer hush', secret: true }]
  const source = await openHttpSource({ kind: 'http', name: 'x', url: `${service.url}${url}`, headers }, outbound)
  const rows: Record<string, string>[] = []
  let found: { rowsAt: string; lists: string[] } | undefined
  const options = { cursorColumn: null, after: null, most, signal: new AbortController().signal }
  for await (const batch of source.read({ from: 'pages', rowsAt, paging }, options)) {
    rows.push(...batch.rows.map(({ values }) => values))
    found = batch.found
  }
  return { rows, found }
}

test('the rows are found by themselves, and can be said; what is inside of them becomes columns', async () => {
  service.answer = () => json({ meta: { shown: [1, 2, 3] }, data: { items: tickets, users: [{ id: 1 }] } })
  const { rows, found } = await read({ by: 'none' })
  expect(found).toEqual({ rowsAt: 'data.items', lists: ['data.items', 'data.users', 'meta.shown'] })
  expect(rows[0]).toEqual({ id: '1', 'ask.text': 'question 1', 'ask.tags': 'a, b', parts: '[{"n":0}]' })
  expect((await read({ by: 'none' }, { rowsAt: 'data.users' })).rows).toEqual([{ id: '1' }])
  await expect(read({ by: 'none' }, { rowsAt: 'data' })).rejects.toMatchObject({
    code: 'source-no-rows',
    params: { lists: 'data.items, data.users, meta.shown' },
  })
  service.answer = () => json(tickets)
  expect((await read({ by: 'none' })).rows).toHaveLength(25)
})

test('each way of paging comes to all rows, once', async () => {
  service.answer = (heard) => {
    const page = Number(parameter(heard, 'page'))
    return json({ items: tickets.slice((page - 1) * 10, page * 10) })
  }
  expect((await read({ by: 'page', parameter: 'page', first: 1 })).rows).toHaveLength(25)
  service.answer = (heard) => {
    const skip = Number(parameter(heard, 'skip'))
    return json({ items: tickets.slice(skip, skip + 10) })
  }
  expect((await read({ by: 'offset', parameter: 'skip' })).rows.map(({ id }) => id)).toEqual(
    tickets.map(({ id }) => String(id)),
  )
  service.answer = (heard) => {
    const at = Number(parameter(heard, 'after') ?? 0)
    return json({ items: tickets.slice(at, at + 10), paging: { next: at + 10 < 25 ? at + 10 : null } })
  }
  expect((await read({ by: 'cursor', parameter: 'after', at: 'paging.next' })).rows).toHaveLength(25)
  service.answer = (heard) => {
    const at = Number(parameter(heard, 'at') ?? 0)
    const link = `</tickets?at=0>; rel="first"${at + 10 < 25 ? `, <${service.url}/tickets?at=${at + 10}>; title="a, b"; rel="next last"` : ''}`
    return json({ items: tickets.slice(at, at + 10) }, { link })
  }
  expect((await read({ by: 'link' })).rows).toHaveLength(25)
})

test('a limit ends it in the middle of a page; a service that leads in a circle comes to an end', async () => {
  service.answer = () => json({ items: tickets.slice(0, 10), next: 'same' })
  expect((await read({ by: 'page', parameter: 'page', first: 0 }, { most: 15 })).rows).toHaveLength(15)
  expect(service.heard).toHaveLength(2)
  expect((await read({ by: 'cursor', parameter: 'after', at: 'next' })).rows).toHaveLength(20)
})

test('what is secret is not sent to another host that a page leads to', async () => {
  const other = await openReceiver(() => json({ items: tickets.slice(0, 1) }))
  await outbound.close()
  outbound = createOutbound({ allow: [service.host, other.host] })
  service.answer = () => json({ items: tickets.slice(0, 1) }, { link: `<${other.url}/>; rel=next` })
  expect((await read({ by: 'link' })).rows).toHaveLength(2)
  expect(service.heard[0]?.headers.authorization).toBe('Bearer hush')
  expect(other.heard.map(({ headers }) => headers.authorization)).toEqual([undefined])
  await other.close()
})

test('a service that asks for patience gets it; any other answer is told', async () => {
  service.answer = (_, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '0.01' } } : json(tickets))
  expect((await read({ by: 'none' })).rows).toHaveLength(25)
  service.answer = () => ({ status: 401 })
  await expect(read({ by: 'none' })).rejects.toMatchObject({ code: 'source-status', params: { status: 401 } })
  service.answer = () => ({ status: 200, body: '<html>sign in</html>' })
  await expect(read({ by: 'none' })).rejects.toMatchObject({ code: 'source-not-json' })
  await outbound.close()
  outbound = createOutbound({ allow: [] })
  await expect(read({ by: 'none' })).rejects.toMatchObject({ code: 'outbound-refused' })
})
