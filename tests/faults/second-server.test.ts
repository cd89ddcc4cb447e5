import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { graphOf } from '../drivers/chat.ts'
import { botloom, endOf, expectWords, lastWords, startNode } from './told.ts'

/**
 * Two Botlooms on one data folder, each a process of its own. That many at the same moment get it once is covered in
 * server/db/client.test.ts.
 */
const source = `
const { explainFailure, startServer } = await import('./server/main.ts')
try {
  await (await startServer({ sample: false })).ready
} catch (error) {
  console.error(explainFailure(error))
  process.exit(1)
}`
let folder: string
let first: ChildProcess
let url: string
let headers: Record<string, string>

const start = (language: 'zh-CN' | 'en') =>
  startNode(['--input-type=module', '--eval', source], language, {
    PORT: '0',
    HOST: '127.0.0.1',
    BOTLOOM_DATA: folder,
    DATABASE_URL: '',
  })

/** The link that a server prints when it is ready. */
function linkOf(server: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk
      const link = /https?:\/\/\S+\/sign-in\S*/.exec(printed)?.[0]
      if (link) resolve(link)
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)))
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-second-'))
  first = start('en')
  const link = await linkOf(first)
  url = new URL(link).origin
  const cookie = (await fetch(link)).headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const me = (await (await fetch(`${url}/api/me`, { headers: { cookie } })).json()) as { csrf: string }
  headers = { cookie, origin: url, 'x-botloom-csrf': me.csrf, 'content-type': 'application/json' }
})
afterAll(async () => {
  if (first.exitCode === null) {
    const gone = new Promise((resolve) => first.once('exit', resolve))
    first.kill('SIGTERM')
    await gone
  }
  await rm(folder, { recursive: true, force: true })
})

const make = async (name: string) =>
  (await fetch(`${url}/api/bots`, { method: 'POST', headers, body: JSON.stringify({ name, template: null }) })).status
const names = async () =>
  ((await (await fetch(`${url}/api/bots`, { headers })).json()) as { name: string }[]).map(({ name }) => name)

test('the second one ends at once with words and the number of the first, which goes on with all that it has', async () => {
  expect(await make('before')).toBe(201)
  const lock = await readFile(join(folder, 'botloom.lock'), 'utf8')
  const [zh, en] = await Promise.all([endOf(start('zh-CN')), endOf(start('en'))])
  expect([zh.code, en.code]).toEqual([1, 1])
  expectWords({ 'zh-CN': lastWords(zh.err), en: lastWords(en.err) }, 'data-folder-in-use')
  for (const { err, out } of [zh, en]) {
    expect(err).toContain(folder)
    expect(err).toContain(String(first.pid))
    expect(out).not.toContain('sign-in')
  }
  expect(await readFile(join(folder, 'botloom.lock'), 'utf8')).toBe(lock)
  expect(await make('after')).toBe(201)
  expect(await names()).toEqual(['before', 'after'])
})

test('the command line keeps its hands off the folder too', async () => {
  const graph = join(folder, 'graph.json')
  const rows = join(folder, 'rows.csv')
  await writeFile(rows, 'text,label\na,x\nb,y\n')
  await writeFile(graph, JSON.stringify(graphOf({ data: { type: 'data-source', config: { train: rows } } }, [])))
  const { code, err } = await botloom(['run', graph, '--data', folder], 'zh-CN')
  expect(lastWords(err)).toMatchObject({
    code: 'data-folder-in-use',
    message: expect.stringContaining(`进程 ${first.pid}`),
  })
  expect(code).toBe(1)
  expect(await names()).toEqual(['before', 'after'])
})
