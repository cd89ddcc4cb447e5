import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { freePort } from './product.ts'

const run = promisify(execFile)

/** A MariaDB of our own, in a temporary folder. */
export interface MariaDb {
  port: number
  user: string
  password: string
  /** Statements as its administrator, several at once; gives the rows of the last one. */
  query<T = Record<string, unknown>>(sql: string): Promise<T[]>
  stop(): Promise<void>
}

/** Starts one, or gives null where this machine has no `mariadbd`. */
export async function startMariaDb(): Promise<MariaDb | null> {
  const found = await run('sh', ['-c', 'command -v mariadbd mariadb-install-db']).catch(() => null)
  if (!found) return null
  const folder = await mkdtemp(join(tmpdir(), 'botloom-mariadb-'))
  const own = [`--datadir=${folder}`, `--user=${userInfo().username}`]
  await run('mariadb-install-db', [
    '--no-defaults',
    ...own,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
  const port = await freePort()
  const server = spawn(
    'mariadbd',
    [
      '--no-defaults',
      ...own,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${folder}/s.sock`,
      '--skip-log-bin',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let printed = ''
    server.stderr.on('data', (chunk: Buffer) => {
      printed += chunk
      if (printed.includes('ready for connections')) resolve()
    })
    server.once('exit', () => reject(new Error(printed)))
  })
  const admin = await createConnection({ socketPath: `${folder}/s.sock`, user: 'root', multipleStatements: true })
  const [user, password] = ['analyst', "p'w “秘密”"]
  await admin.query('create database shop character set utf8mb4')
  await admin.query('create user ?@`%` identified by ?', [user, password])
  await admin.query('grant select on shop.* to ?@`%`', [user])
  await admin.changeUser({ database: 'shop' })
  return {
    port,
    user,
    password,
    async query<T>(sql: string) {
      const [rows] = await admin.query(sql)
      return rows as T[]
    },
    async stop() {
      admin.destroy()
      server.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
