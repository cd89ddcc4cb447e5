import { type ChildProcess, fork } from 'node:child_process'
import { entryFile } from '#runtime/entry-file.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { heapEnvironment } from '#runtime/tensor/executors/heap.ts'
import { type ComputeFolders, type FromCompute, fromCompute, type ToCompute } from '#runtime/worker/protocol.ts'
import { childEnvironment } from '#server/child-environment.ts'

export interface ComputeProcess {
  send(message: ToCompute): void
  /** The line about its device; resolves when it can take messages, rejects when it never could. */
  ready: Promise<string>
  /** Why it ended, in words for a log. */
  ended: Promise<string>
  /** Milliseconds since its last word. */
  silence(): number
  kill(): void
  pid: number | undefined
}

export interface ComputeOptions {
  folders: ComputeFolders
  /** The built entry; without it the source is run through tsx. */
  entry?: string
  /** CPU threads of a training process; without it all cores but one, which is left to conversations. */
  trainThreads?: number
}

/** Forks a compute process and checks each of its messages before anybody acts on one. */
export function forkCompute(
  mode: 'serve' | 'train',
  options: ComputeOptions,
  heard: (message: FromCompute) => void,
): ComputeProcess {
  const { path, execArgv } = options.entry
    ? { path: options.entry, execArgv: [] }
    : entryFile('runtime/worker/entry.ts', 'worker.js')
  const argv = mode === 'train' && options.trainThreads ? [mode, String(options.trainThreads)] : [mode]
  const child: ChildProcess = fork(path, argv, {
    execArgv,
    env: {
      ...childEnvironment(graphicsVariables),
      ...(mode === 'train' ? heapEnvironment : {}),
      BOTLOOM_COMPUTE: JSON.stringify(options.folders),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    cwd: projectRoot,
  })
  let last = Date.now()
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2000)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal ?? `exit code ${code}${complaint ? `: ${lastLine(complaint)}` : ''}`),
    )
  })
  const ready = new Promise<string>((resolve, reject) => {
    ended.then((reason) => reject(new Error(reason)))
    child.on('message', (raw) => {
      last = Date.now()
      const parsed = fromCompute.safeParse(raw)
      if (!parsed.success) return
      if (parsed.data.type === 'ready') resolve(parsed.data.device)
      heard(parsed.data)
    })
  })
  // Whoever waits for `ready` handles its failure; where nobody does, `ended` tells the same.
  ready.catch(() => {})
  return {
    // A message to a process that just died is not an error: its end is heard and dealt with.
    send: (message) => void (child.connected && child.send(message, () => {})),
    ready,
    ended,
    silence: () => Date.now() - last,
    kill: () => void child.kill('SIGKILL'),
    pid: child.pid,
  }
}

/** What decides which graphics card there is, and where its driver lies. */
const graphicsVariables = [
  'BOTLOOM_DEVICE',
  'LD_LIBRARY_PATH',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'XDG_DATA_DIRS',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_PATH',
  'LOCALAPPDATA',
  'ProgramData',
]

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
}
