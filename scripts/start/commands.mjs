import { spawn } from 'node:child_process'
import { root } from './sources.mjs'

/** npm is a .cmd file on Windows, which only a shell starts. */
const shell = process.platform === 'win32'

/** Runs a command in the project's root; rejects with its last lines when it fails. */
export function runCommand(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      shell,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    let tail = ''
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-4000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('error', reject)
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}\n${tail}`)),
    )
  })
}

/** The build needs its tools also where the environment says production. */
export const install = (options) =>
  runCommand('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], options)

/** The studio, the widget and the server, with the project's own Vite. */
export async function build(options) {
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error']
  await Promise.all([
    runCommand(process.execPath, vite, options),
    runCommand(process.execPath, [...vite, '--config', 'vite.widget.config.ts'], options),
    runCommand(process.execPath, [...vite, '--config', 'vite.server.config.ts'], options),
  ])
}
