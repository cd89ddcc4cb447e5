import { execFile, spawn } from 'node:child_process'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './product.ts'

const run = promisify(execFile)

/** A PostgreSQL of our own that asks for a password: the one of a developer's machine lets everybody in. Null where there are no programs for it. */
export async function startPasswordPostgres(): Promise<{
  login: { port: number; user: string; password: string }
  stop(): Promise<void>
} | null> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const [version] = versions.sort().reverse()
  if (version === undefined) return null
  // The server refuses to run as root.
  const asRoot = process.getuid?.() === 0
  const ids = asRoot ? (await run('id', ['-u', 'postgres'])).stdout.trim() : ''
  const who = asRoot ? { uid: Number(ids), gid: Number((await run('id', ['-g', 'postgres'])).stdout.trim()) } : {}
  const folder = await mkdtemp(join(tmpdir(), 'botloom-postgres-'))
  const login = { port: await freePort(), user: 'analyst', password: "p'w “秘密”" }
  await writeFile(join(folder, 'password'), login.password)
  if (who.uid !== undefined)
    await Promise.all([chown(folder, who.uid, who.gid), chown(join(folder, 'password'), who.uid, who.gid)])
  const program = (name: string) => `/usr/lib/postgresql/${version}/bin/${name}`
  const data = join(folder, 'data')
  const options = ['-A', 'scram-sha-256', '-U', login.user, `--pwfile=${join(folder, 'password')}`, '-N']
  await run(program('initdb'), ['-D', data, ...options], { ...who, cwd: folder })
  const server = spawn(program('postgres'), ['-D', data, '-p', String(login.port), '-k', folder, '-h', '127.0.0.1'], {
    ...who,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let printed = ''
    server.stderr.on('data', (chunk: Buffer) => {
      printed += chunk
      if (printed.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(printed)))
  })
  return {
    login,
    async stop() {
      server.kill('SIGINT')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
