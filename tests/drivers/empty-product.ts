import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#runtime/project-root.ts'

const source = `
const { startServer } = await import('./server/main.ts')
await (await startServer({ sample: false })).ready`

/** The server over its own data folder without the sample bot, whose training takes minutes on a busy machine; `link` signs in once. */
export async function startEmptyProduct(env: Record<string, string>) {
  const dataFolder = await mkdtemp(join(tmpdir(), 'botloom-empty-'))
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    cwd: projectRoot,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', BOTLOOM_DATA: dataFolder, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let printed = ''
  const link = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk
      const found = /https?:\/\/\S+\/sign-in\S*/.exec(printed)?.[0]
      if (found) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    exited.then((code) => reject(new Error(`it ended with ${code} before it was ready:\n${printed}`)))
  })
  return {
    url: new URL(link).origin,
    link,
    async stop(): Promise<void> {
      child.kill('SIGTERM')
      await exited
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
