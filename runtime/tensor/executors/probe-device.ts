import { fork } from 'node:child_process'
import { entryFile } from '#runtime/entry-file.ts'
import { projectRoot } from '#runtime/project-root.ts'
import type { Absence, DeviceName } from './device.ts'
import type { Measurement } from './measure.ts'
import type { ProbeAnswer } from './probe.ts'

export type Probed = { absence: Absence } | { absence: null; label: string; measured: Measurement }

/** Milliseconds for starting, compiling and measuring; a driver that needs longer compiles in software. */
const longest = 60_000

/** Tries a device in a process of its own. Never throws: a process that died or hung is a device that cannot be used. */
export function probeDevice(name: DeviceName, threads: number, environment = process.env): Promise<Probed> {
  const { path, execArgv } = entryFile('runtime/tensor/executors/probe.ts', 'probe.js')
  return new Promise((resolve) => {
    const child = fork(path, [name, String(threads)], {
      execArgv,
      env: environment,
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let complaint = ''
    let answer: ProbeAnswer | undefined
    const timer = setTimeout(() => child.kill('SIGKILL'), longest)
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-4000)
    })
    child.once('message', (message) => {
      // The process is ours and sends what `ProbeAnswer` says.
      answer = message as ProbeAnswer
    })
    child.once('error', (error) => settle(error.message))
    child.once('close', (code, signal) => settle(signal ?? `exit code ${code}`))
    function settle(end: string): void {
      clearTimeout(timer)
      if (answer && 'measured' in answer) resolve({ absence: null, ...answer })
      else resolve({ absence: reasonOf(answer?.error ?? end, complaint) })
    }
  })
}

/** What a failure says, in terms of what a person can do about it. */
export function reasonOf(error: string, complaint: string): Absence {
  if (/Couldn't load Vulkan/.test(complaint)) return { code: 'device-no-vulkan', params: {} }
  if (/No supported adapters|Failed to get a WebGPU adapter/.test(error))
    return { code: 'device-no-adapter', params: {} }
  const missing = /(\S+\.(?:so|dll|dylib)[^\s:]*): cannot open shared object file/.exec(complaint)?.[0]
  const detail = missing ?? error.trim().split('\n')[0] ?? ''
  return { code: 'device-refused', params: { detail: detail.slice(0, 300) } }
}
