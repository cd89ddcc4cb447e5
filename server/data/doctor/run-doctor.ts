import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import type { DatasetRow, LabelRef } from '#kit'
import type { FromDoctor, ToDoctor, WrittenFinding } from '#runtime/doctor/messages.ts'
import { entryFile } from '#runtime/entry-file.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { childEnvironment } from '#server/child-environment.ts'

/** Below the server and the process that answers visitors (nice 10). */
const priority = 10

/**
 * Checks a set in a process of its own, so that no conversation waits for it. Rows are read and handed over in parts. Rejects with why the
 * process ended early, or with the signal's reason.
 */
export async function runDoctor(given: {
  parts: AsyncIterable<readonly DatasetRow[]>
  labels: readonly LabelRef[]
  signal: AbortSignal
  onShare: (share: number) => void
}): Promise<WrittenFinding[]> {
  const { parts, labels, signal, onShare } = given
  signal.throwIfAborted()
  const { path, execArgv } = entryFile('runtime/doctor/entry.ts', 'doctor.js')
  const child: ChildProcess = fork(path, [], {
    execArgv,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: projectRoot,
  })
  const stop = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  const found: WrittenFinding[] = []
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2_000)
  })
  const ended = new Promise<void>((resolve, reject) => {
    let isDone = false
    child.on('message', (message: FromDoctor) => {
      if ('share' in message) onShare(message.share)
      else if ('finding' in message) found.push(message.finding)
      else isDone = true
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
  const say = (message: ToDoctor): Promise<void> => new Promise((resolve) => child.send(message, () => resolve()))
  try {
    if (child.pid !== undefined) lower(child.pid)
    for await (const rows of parts) {
      if (!child.connected) break
      await say({ rows })
    }
    if (child.connected) await say({ labels })
    await ended
    return found
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Where a system refuses it, the check is merely not as polite. */
function lower(pid: number): void {
  try {
    setPriority(pid, priority)
  } catch {}
}
