import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { freePort } from '../tests/drivers/product.ts'
import type { StartProgress } from './api/dto.ts'
import { askForLink } from './auth/control.ts'
import { type Running, startServer } from './main.ts'
import { newId } from './new-id.ts'

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

test('what a server that died left in the artifacts goes after the next start, what is named stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-left-'))
  const begin = (sweepAfter?: number) =>
    startServer({ port: 0, dataFolder: folder, sample: false, env: { BOTLOOM_LOG: 'silent' }, sweepAfter })
  const first = await begin()
  const cookie = (await fetch(await first.makeLink())).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { csrf } = (await (await fetch(`${first.url}/api/me`, { headers: { cookie } })).json()) as { csrf: string }
  const headers = { cookie, origin: first.url, 'x-botloom-csrf': csrf, 'content-type': 'application/json' }
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${first.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.ok, path).toBe(true)
    return (await answer.json()) as Record<string, string>
  }
  const { id: bot } = await post('/api/bots', { name: 'Learner', template: null })
  const { id: set } = await post(`/api/bots/${bot}/sets`, { name: 'Questions' })
  const { file } = await post('/api/files/paste', { text: 'text,label\na,x\nb,x\nc,y\nd,y\n' })
  await post(`/api/sets/${set}/import`, { file, textColumn: 'text', labelColumn: 'label', label: null })
  const data = { id: 'data', type: 'data-source', version: 1, dialog: 'main', config: { set } }
  const diff = { id: newId('dif'), added: { 'nodes/data': data }, removed: {}, updated: {} }
  await post(`/api/bots/${bot}/draft/diffs`, { base: 1, diffs: [diff] })
  await post(`/api/bots/${bot}/runs`, {})
  const artifacts = createArtifactFolder(join(folder, 'artifacts'))
  const onDisk = async (): Promise<string[]> =>
    (await readdir(join(folder, 'artifacts'), { recursive: true })).filter((path) => /[0-9a-f]{64}$/.test(path))
  await vi.waitFor(async () => expect(await onDisk()).toHaveLength(1), { timeout: 30_000 })
  const [named] = await onDisk()
  await first.stop()

  await artifacts.write((place) => writeFile(join(place, 'model'), 'of a bot that is gone'))
  expect(await onDisk()).toHaveLength(2)
  const second = await begin(0)
  await second.ready
  await vi.waitFor(async () => expect(await onDisk()).toEqual([named]), { timeout: 30_000 })
  await second.stop()
  await rm(folder, { recursive: true, force: true })
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
