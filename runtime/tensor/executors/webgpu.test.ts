import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '#runtime/project-root.ts'
import type { WebGpuReport } from '../fixtures/on-webgpu.ts'
import { seed } from '../fixtures/oracle.ts'
import { hasGraphics } from './graphics.ts'
import { probeDevice } from './probe-device.ts'

/** A Vulkan device in software, with its loader beside it: Debian's chromium package has both. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json'
const software = { ...process.env, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: dirname(driver) }
const skipped = !existsSync(driver)
if (skipped) console.warn(`WebGPU is not tested: ${driver} is not here (apt-get install chromium)`)

/** How a process of tests ended, and what it told. */
async function onSoftwareDevice(entry: string, ...given: string[]): Promise<{ report?: WebGpuReport; end: string }> {
  const child = fork(join(projectRoot, entry), given, {
    execArgv: ['--import', 'tsx'],
    env: software,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    cwd: projectRoot,
  })
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words += chunk
  })
  return new Promise((resolve) => {
    let report: WebGpuReport | undefined
    child.once('message', (message) => {
      report = message as WebGpuReport
    })
    child.once('close', (code, signal) => resolve({ report, end: signal ?? `exit code ${code} ${words}` }))
  })
}

describe('the WebGPU executor', () => {
  it.skipIf(skipped)(
    `computes what the CPU computes: gradients, a training over several shapes, a deployed graph (seed ${seed})`,
    { timeout: 600_000 },
    async () => {
      const { report, end } = await onSoftwareDevice('runtime/tensor/fixtures/on-webgpu.ts', String(seed))
      expect(report, end).toEqual({ checked: ['gradients', 'training', 'deployed graph'] })
    },
  )

  it('that cannot start is told with its reason, and harms nobody', async (context) => {
    if (await hasGraphics()) context.skip('this machine has a graphics card')
    const { VK_DRIVER_FILES: _, VK_ICD_FILENAMES: __, LD_LIBRARY_PATH: ___, ...bare } = process.env
    const probed = await probeDevice('webgpu', 1, bare)
    expect(['device-no-vulkan', 'device-no-adapter', 'device-refused']).toContain(probed.absence?.code)
  })
})
