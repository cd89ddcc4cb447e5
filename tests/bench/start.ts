import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#runtime/project-root.ts'
import { freePort, startProduct } from '../drivers/product.ts'
import { type BenchLine, runBench } from './bench.ts'
import { treeMb } from './tree-mb.ts'

const call = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'botloom-start-'))
const root = join(folder, 'clone')
const dataFolder = join(folder, 'data')
const idleAfter = 60_000
let installed = false
let started = false

const since = (start: number): number => (performance.now() - start) / 1_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A fresh clone of what is committed, installed with the project's own command. Returns the seconds of the install. */
async function install(log: (text: string) => void): Promise<number> {
  await call('git', ['clone', '--quiet', projectRoot, root])
  log('installing a fresh clone ...')
  const start = performance.now()
  await call('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1_048_576,
  })
  installed = true
  return since(start)
}

/** Resolves with the seconds until the address answers so; the fetches themselves are the load of a watching browser. */
async function answers(start: number, url: string, right: (response: Response) => Promise<boolean>): Promise<number> {
  for (;;) {
    try {
      if (await right(await fetch(url))) return since(start)
    } catch {
      // Nobody listens yet.
    }
    if (since(start) > 600) throw new Error(`${url} never answered as it should`)
    await pause(50)
  }
}

/** From the command to each milestone, watched from outside. */
async function firstStart(log: (text: string) => void): Promise<Record<string, number>> {
  log('first start: build, database, training, publishing ...')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const start = performance.now()
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), HOST: '127.0.0.1', BOTLOOM_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const exited = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${output}`))),
  )
  exited.catch(() => {})
  try {
    const [firstPageSeconds, studioSeconds, publishedSeconds] = await Promise.race([
      Promise.all([
        answers(start, `${url}/`, async (response) => response.ok && (await response.text()).includes('<html')),
        // The progress page has no script of its own; the studio's page has.
        answers(start, `${url}/`, async (response) => (await response.text()).includes('type="module"')),
        answers(start, `${url}/readyz`, async (response) => response.status === 200),
      ]),
      exited,
    ])
    return { firstPageSeconds, studioSeconds, publishedSeconds }
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await gone
    }
    started = true
  }
}

async function ready(log: (text: string) => void): Promise<void> {
  if (!installed) await install(log)
  if (!started) await firstStart(log)
}

const lines: BenchLine[] = [
  {
    figures: { installSeconds: { label: 'npm ci in a fresh clone, s', reference: '< 120', digits: 1 } },
    measure: async (log) => ({ installSeconds: await install(log) }),
  },
  {
    figures: {
      firstPageSeconds: { label: 'first start: a progress page, s', reference: '< 2', digits: 2 },
      studioSeconds: { label: 'first start: the studio answers, s', reference: '< 30', digits: 1 },
      publishedSeconds: { label: 'first start: the sample bot is published, s', reference: '< 90', digits: 1 },
    },
    async measure(log) {
      if (!installed) await install(log)
      return firstStart(log)
    },
  },
  {
    figures: {
      laterStartSeconds: { label: 'a later start, until ready, s', reference: '< 3', digits: 2 },
      idleMb: { label: 'memory, all processes, 60 s after a second start, MB (PSS)', reference: '< 600', digits: 0 },
    },
    async measure(log) {
      await ready(log)
      const begin = performance.now()
      const product = await startProduct({ root, dataFolder })
      try {
        await answers(begin, `${product.url}/readyz`, async (response) => response.status === 200)
        const laterStartSeconds = since(begin)
        if (process.platform !== 'linux') {
          log('idleMb is read from /proc and is measured on Linux only')
          return { laterStartSeconds } as Record<string, number>
        }
        log('waiting for 60 s of idleness ...')
        await pause(idleAfter)
        const { mb, processes } = await treeMb(product.process.pid!)
        log(`${processes} processes`)
        return { laterStartSeconds, idleMb: mb }
      } finally {
        await product.stop()
      }
    },
  },
]

await runBench('start', lines).finally(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
