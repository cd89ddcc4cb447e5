import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../tests/drivers/product.ts'
import type { StartProgress } from './api/dto.ts'
import { askForLink } from './auth/control.ts'
import { type Running, startServer } from './main.ts'

let dataFolder: string
let running: Running
const seen: StartProgress['phase'][] = []
const start = (): Promise<Running> =>
  startServer({
    port: 0,
    dataFolder,
    sample: false,
    env: { BOTLOOM_LOG: 'silent' },
    onProgress: ({ phase }) => seen.push(phase),
  })
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'botloom-main-'))
  running = await start()
  await running.ready
})
afterAll(async () => {
  await running.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

test('it says how far it is, is alive and ready, and never shows its link to a page', async () => {
  expect(seen).toEqual(['database', 'starting', 'ready'])
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
  expect((await fetch(`${running.url}/readyz`)).status).toBe(200)
  const progress = await (await fetch(`${running.url}/api/start`)).text()
  expect(progress).not.toContain('token')
})

test('without a launcher too, whoever asks during the start is answered at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-early-'))
  const port = await freePort()
  const early: Promise<[string, number, string | null]>[] = []
  const other = await startServer({
    port,
    dataFolder: folder,
    sample: false,
    env: { BOTLOOM_LOG: 'silent' },
    onProgress({ phase }) {
      if (phase !== 'starting') return
      for (const path of ['/healthz', '/readyz', '/'])
        early.push(
          fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(20_000) }).then((answer) => [
            path,
            answer.status,
            answer.headers.get('retry-after'),
          ]),
        )
    },
  })
  expect(await Promise.all(early)).toEqual([
    ['/healthz', 200, null],
    ['/readyz', 503, '1'],
    ['/', 503, '1'],
  ])
  await other.ready
  await other.stop()
  await rm(folder, { recursive: true, force: true })
})

test('the command line gets a link from the running server, and it signs in', async () => {
  const link = await askForLink(dataFolder)
  const response = await fetch(link ?? '')
  expect(response.status).toBe(200)
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const me = await fetch(`${running.url}/api/me`, { headers: { cookie } })
  expect(await me.json()).toMatchObject({ user: { name: 'Owner' } })
})

test("secrets in the data folder are the owner's alone", async () => {
  for (const file of ['secret', 'server.json'])
    if (process.platform !== 'win32') expect((await stat(join(dataFolder, file))).mode & 0o777).toBe(0o600)
  expect((await readFile(join(dataFolder, 'secret'), 'utf8')).length).toBeGreaterThanOrEqual(32)
})

test('a second server on the same data folder stops with a remedy, and the first one lives on', async () => {
  await expect(start()).rejects.toMatchObject({ code: 'data-folder-in-use' })
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
})

test('pages do not leave their folder', async () => {
  for (const path of ['/demo/..%2f..%2f..%2fpackage.json', '/..%2fpackage.json', '/demo/%2e%2e%2f%2e%2e%2fREADME.md']) {
    const response = await fetch(`${running.url}${path}`)
    expect(response.status, path).toBe(404)
  }
  expect(await (await fetch(`${running.url}/demo`)).text()).toContain('data-bot="little-boat-shop"')
})

test('an unknown bot of the public API is told in words', async () => {
  const response = await fetch(`${running.url}/v1/bots/nobody/conversations`, { method: 'POST', body: '{}' })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'bot-unknown' })
})

test('stopped and started again it keeps sessions, takes over a listener, and stops clean', async () => {
  const link = await running.makeLink()
  const cookie = (await fetch(link)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  await running.stop()
  const server = createServer((_, response) => response.end('starting'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  running = await startServer({ server, dataFolder, sample: false, env: { BOTLOOM_LOG: 'silent' } })
  await running.ready
  const me = await fetch(`${running.url}/api/me`, { headers: { cookie } })
  expect(me.status).toBe(200)
})
