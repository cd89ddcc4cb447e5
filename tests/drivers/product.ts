import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#runtime/project-root.ts'

/** The product as a user starts it: `npm start`'s own process, its own output, its own data folder. */
export interface Product {
  url: string
  dataFolder: string
  /** Links as printed; the studio's signs in once. */
  links: { studio: string; demo: string }
  process: ChildProcess
  /** All that it printed so far. */
  output(): string
  stop(): Promise<void>
  /** As `kill -9`, the compute processes left to notice by themselves. */
  kill(): Promise<void>
}

export interface ProductOptions {
  root?: string
  port?: number
  dataFolder?: string
  env?: Record<string, string>
  /** Milliseconds until both links must be printed. */
  deadline?: number
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const root = options.root ?? projectRoot
  const port = options.port ?? (await freePort())
  const own = options.dataFolder === undefined
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'botloom-product-')))
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      BOTLOOM_DATA: dataFolder,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const links = new Promise<Product['links']>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk
      const studio = /^.*?(https?:\/\/\S+\/sign-in\S*)/m.exec(printed)?.[1]
      const demo = /^.*?(https?:\/\/\S+\/demo)\b/m.exec(printed)?.[1]
      if (studio && demo) resolve({ studio, demo })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    exited.then((code) => reject(new Error(`it ended with ${code} before it was ready:\n${printed}`)))
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${printed}`)), options.deadline ?? 180_000)
    timer.unref()
  })
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await exited
    }
    if (own && signal === 'SIGTERM') await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    return {
      url: `http://127.0.0.1:${port}`,
      dataFolder,
      links: await links,
      process: child,
      output: () => printed,
      stop: end('SIGTERM'),
      kill: end('SIGKILL'),
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
