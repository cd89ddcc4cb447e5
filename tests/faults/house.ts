import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { projectRoot } from '#runtime/project-root.ts'
import { freePort } from '../drivers/product.ts'

/** A server in a process of its own that may be killed and started again over the same data. */
export interface House {
  url: string
  /** As `kill -9`, then a new start over the same data; resolves when it answers again. */
  killServer(): Promise<void>
  /** As `kill -9` of its compute process; false when there is none. */
  killCompute(mode: 'train' | 'serve'): boolean
  /** A request of the studio's owner. Throws on anything but 2xx. */
  studio<T>(method: string, path: string, body?: unknown): Promise<T>
  /** What it printed since its last start, for messages of failed tests. */
  output(): string
  stop(): Promise<void>
}

const source = `const { startServer } = await import('./server/main.ts'); await startServer()`
/** Generous: the first start trains the sample, here with other tests beside it. */
const startLimit = 400_000

/** Starts the server from its source. `dataFolder` and `databaseUrl` are the caller's to remove. */
export async function openHouse(options: { dataFolder: string; databaseUrl?: string }): Promise<House> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess
  let printed = ''
  let cookie = ''
  let csrf = ''

  async function start(): Promise<void> {
    printed = ''
    child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
      cwd: projectRoot,
      env: {
        ...process.env,
        PORT: String(port),
        HOST: '127.0.0.1',
        BOTLOOM_DATA: options.dataFolder,
        DATABASE_URL: options.databaseUrl ?? '',
        BOTLOOM_CONVERSATIONS_PER_MINUTE: '100000',
        BOTLOOM_MESSAGES_PER_MINUTE: '100000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const mine = child
    for (const stream of [mine.stdout, mine.stderr])
      stream?.on('data', (chunk) => {
        if (mine === child) printed += chunk
      })
    const deadline = Date.now() + startLimit
    while (!(await isReady())) {
      if (mine.exitCode !== null) throw new Error(`the server ended with ${mine.exitCode}:\n${printed}`)
      if (Date.now() > deadline) throw new Error(`the server did not get ready:\n${printed}`)
      await pause(100)
    }
  }

  async function isReady(): Promise<boolean> {
    try {
      return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok && printed.includes('/sign-in')
    } catch {
      return false
    }
  }

  async function signIn(): Promise<void> {
    const link = /https?:\/\/\S+\/sign-in\S*/.exec(printed)?.[0]
    if (!link) throw new Error(`no link was printed:\n${printed}`)
    const answer = await fetch(link, { redirect: 'manual' })
    cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    csrf = ((await (await fetch(`${url}/api/me`, { headers: { cookie } })).json()) as { csrf: string }).csrf
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }

  await start()
  await signIn()
  return {
    url,
    async killServer() {
      await end('SIGKILL')
      await start()
    },
    killCompute(mode) {
      const pid = computeOf(child.pid ?? 0, mode)
      if (pid === null) return false
      try {
        process.kill(pid, 'SIGKILL')
        return true
      } catch {
        return false
      }
    },
    async studio<T>(method: string, path: string, body?: unknown) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { cookie, origin: url, 'x-botloom-csrf': csrf, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return JSON.parse(text) as T
    },
    output: () => printed,
    stop: () => end('SIGTERM'),
  }
}

/** The server's child that runs the compute entry in that mode, by what the system says of each process. */
function computeOf(server: number, mode: 'train' | 'serve'): number | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      if (parent === server && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(mode))
        return Number(name)
    } catch {
      // It ended while we looked.
    }
  }
  return null
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
