import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnectPolicy } from './connect-policy.ts'
import { createOutbound } from './outbound.ts'

describe('the way out', () => {
  let server: Server
  let other: Server
  let port: number
  let otherPort: number
  const seen: { url: string; method: string; headers: Record<string, unknown>; body: string }[] = []

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body })
      if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end()
      if (request.url === '/away')
        return void response.writeHead(303, { location: `http://localhost:${otherPort}/there` }).end()
      if (request.url === '/inside')
        return void response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end()
      if (request.url === '/large') return void response.end('x'.repeat(5_000))
      if (request.url === '/slow') return
      if (request.url === '/cut') return void request.socket.destroy()
      response.setHeader('set-cookie', ['a=1', 'b=2']).end(`said ${body}`)
    })
    other = createServer((request, response) => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body: '' })
      response.end('there')
    })
    for (const each of [server, other]) await new Promise<void>((done) => each.listen(0, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
    otherPort = (other.address() as AddressInfo).port
  })
  afterAll(() => {
    for (const each of [server, other]) {
      each.closeAllConnections()
      each.close()
    }
  })

  const open = () => createOutbound({ allow: [`127.0.0.1:${port}`, `localhost:${otherPort}`] })
  const get = (path: string, change: object = {}) =>
    open().send({ url: `http://127.0.0.1:${port}${path}`, method: 'GET', timeout: 5_000, ...change })
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (error) => error.code,
    )

  test('an answer has status, headers and bytes', async () => {
    const answer = await get('/', { method: 'POST', body: '你好', headers: { 'x-key': 'k' } })
    expect({ ...answer, ms: 0, body: answer.body.toString() }).toMatchObject({
      status: 200,
      headers: { 'set-cookie': 'a=1, b=2' },
      body: 'said 你好',
    })
    expect(seen.at(-1)).toMatchObject({ method: 'POST', headers: { 'x-key': 'k', 'user-agent': 'Botloom' } })
  })

  test('what lies inside of a private network is refused: by address, by name, and after a redirect', async () => {
    const closed = createOutbound({ allow: [] })
    const send = (url: string) => codeOf(closed.send({ url, method: 'GET', timeout: 5_000 }))
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://2130706433:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://0.0.0.0:${port}/`,
      'http://169.254.169.254/latest/meta-data',
      'http://10.0.0.1/',
      'http://100.64.0.1/',
      'http://[fd00::1]/',
      'http://[64:ff9b::7f00:1]/',
    ])
      expect([url, await send(url)]).toEqual([url, 'outbound-refused'])
    expect(await codeOf(get('/inside'))).toBe('outbound-refused')
  })

  test('only addresses of the web are called', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://a.example', 'no address', 'http://me:word@a.example/'])
      expect(await codeOf(open().send({ url, method: 'GET', timeout: 1_000 }))).toBe('outbound-address')
  })

  test('a redirect to another origin takes neither credentials nor the body along', async () => {
    const headers = { authorization: 'Bearer x', 'x-api-key': 'k', accept: 'text/plain', 'content-type': 'text/plain' }
    const answer = await get('/away', { method: 'POST', body: 'order', headers })
    expect(answer.body.toString()).toBe('there')
    const last = seen.at(-1)!
    expect(last.method).toBe('GET')
    expect(last.headers).toMatchObject({ accept: 'text/plain' })
    for (const name of ['authorization', 'x-api-key', 'content-type']) expect(last.headers).not.toHaveProperty(name)
  })

  test('each fault has its name: circles, too much, too late, cut off, nobody there', async () => {
    expect(await codeOf(get('/loop'))).toBe('outbound-redirects')
    expect(await codeOf(get('/large', { mostBytes: 1_000 }))).toBe('outbound-too-large')
    expect(await codeOf(get('/slow', { timeout: 100 }))).toBe('outbound-timeout')
    expect(await codeOf(get('/cut'))).toBe('outbound-lost')
    const nobody = createOutbound({ allow: ['127.0.0.1:9'] })
    expect(await codeOf(nobody.send({ url: 'http://127.0.0.1:9/', method: 'GET', timeout: 5_000 }))).toBe(
      'outbound-unreachable',
    )
  })

  test('a list names hosts, ports, addresses and ranges', () => {
    const policy = createConnectPolicy(['10.1.0.0/16', '192.168.1.5', '127.0.0.1:8080', 'fd12::/32'])
    const passes = (host: string, at = 80) => {
      try {
        policy.checkHost(host, at)
        return true
      } catch {
        return false
      }
    }
    expect([passes('10.1.2.3'), passes('192.168.1.5'), passes('127.0.0.1', 8080), passes('[fd12::1]')]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([passes('10.2.2.3'), passes('192.168.1.6'), passes('127.0.0.1'), passes('[fd13::1]')]).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
