import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { entryFile } from '#runtime/entry-file.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { childEnvironment } from './child-environment.ts'

/** Below the server and the process that answers visitors. */
const usual = 10

/**
 * Forks a process for one piece of work, so that no conversation waits for it: it is told `messages` in order and ends by itself. `hear` gets
 * what it says and tells whether that was the last of it. Rejects with why the process ended early, or with the signal's reason.
 */
export async function runChild<To extends object, From>(given: {
  entry: { source: string; built: string }
  messages: AsyncIterable<To>
  signal: AbortSignal
  hear: (message: From) => boolean
  /** How nice it is to others, 0..19: 10 where nothing else is said. */
  priority?: number
}): Promise<void> {
  const { entry, messages, signal, hear, priority = usual } = given
  signal.throwIfAborted()
  const { path, execArgv } = entryFile(entry.source, entry.built)
  const child: ChildProcess = fork(path, [], {
    execArgv,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: projectRoot,
  })
  const stop = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2_000)
  })
  const ended = new Promise<void>((resolve, reject) => {
    let isDone = false
    child.on('message', (message: From) => {
      if (hear(message)) isDone = true
    })
    child.once('error', reject)
    child.once('close', (code, end) =>
      isDone
        ? resolve()
        : reject(signal.aborted ? signal.reason : new Error(complaint.trim() || (end ?? `exit code ${code}`))),
    )
  })
  // Whoever hands over rows hears the same failure at the end.
  ended.catch(() => {})
  try {
    if (child.pid !== undefined) lower(child.pid, priority)
    for await (const message of messages) {
      if (!child.connected) break
      await new Promise<void>((resolve) => child.send(message, () => resolve()))
    }
    await ended
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Where a system refuses it, the work is merely not as polite. */
function lower(pid: number, priority: number): void {
  try {
    setPriority(pid, priority)
  } catch {}
}
