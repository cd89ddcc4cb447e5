import { fork } from 'node:child_process'
import { setPriority } from 'node:os'
import type { GroupedMessages } from '#runtime/clusters/group-messages.ts'
import type { FromClusters, ToClusters } from '#runtime/clusters/messages.ts'
import { entryFile } from '#runtime/entry-file.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { childEnvironment } from '#server/child-environment.ts'

/** Below the server and the process that answers visitors, above a training: somebody looks at the page and waits. */
const priority = 5

/** Groups messages in a process of its own, so that no conversation waits for it. Rejects with why it ended early, or the signal's reason. */
export async function runClusters(
  wanted: ToClusters,
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number) => void },
): Promise<GroupedMessages> {
  signal.throwIfAborted()
  const { path, execArgv } = entryFile('runtime/clusters/entry.ts', 'clusters.js')
  const child = fork(path, [], {
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
  try {
    if (child.pid !== undefined) lower(child.pid)
    return await new Promise((resolve, reject) => {
      child.on('message', (message: FromClusters) => {
        if ('share' in message) onShare(message.share)
        else resolve(message.grouped)
      })
      child.once('error', reject)
      child.once('close', (code, end) =>
        reject(signal.aborted ? signal.reason : new Error(complaint.trim() || (end ?? `exit code ${code}`))),
      )
      child.send(wanted)
    })
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Where a system refuses it, the work is merely not as polite. */
function lower(pid: number): void {
  try {
    setPriority(pid, priority)
  } catch {}
}
