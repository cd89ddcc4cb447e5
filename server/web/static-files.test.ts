import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileResponse } from './static-files.ts'

let folder: string
let app: Hono
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-static-'))
  await mkdir(join(folder, 'public'))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'public', 'large.js'), 'x'.repeat(1_000_000))
  app = new Hono().get(
    '*',
    async (c) => (await fileResponse(join(folder, 'public'), c.req.path.slice(1))) ?? c.notFound(),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Files of the folder that this process holds open, as the system tells it. */
async function openFiles(): Promise<number> {
  const handles = await readdir('/proc/self/fd')
  const paths = await Promise.all(handles.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(folder)).length
}

test('a file comes whole, with its type and length', async () => {
  const answer = await app.request('/large.js')
  expect(answer.headers.get('content-type')).toContain('text/javascript')
  expect((await answer.text()).length).toBe(Number(answer.headers.get('content-length')))
})

test.each(['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/..%252fsecret.txt', '/%00', '/%zz', '/.'])(
  'a path that leaves the folder finds nothing (%s)',
  async (path) => {
    expect((await app.request(path)).status).toBe(404)
  },
)

test.skipIf(process.platform !== 'linux')('asking for the head of a file leaves none open', async () => {
  for (let i = 0; i < 20; i++) expect((await app.request('/large.js', { method: 'HEAD' })).status).toBe(200)
  expect(await openFiles()).toBe(0)
})

test.skipIf(process.platform !== 'linux')('a reader who goes away closes the file', async () => {
  const reader = (await app.request('/large.js')).body!.getReader()
  await reader.read()
  expect(await openFiles()).toBe(1)
  await reader.cancel()
  await expect.poll(openFiles).toBe(0)
})
