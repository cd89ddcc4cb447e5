import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { projectRoot } from '../../runtime/project-root.ts'
import { hasCudaParts } from '../../runtime/tensor/executors/cuda.ts'
import { hasNvidiaDriver } from '../../runtime/tensor/executors/graphics.ts'
import { planGpuInstall } from './plan.ts'

const linux = { system: 'linux x64', hasDriver: true, hasParts: false, force: false }

test('CUDA parts are fetched where a driver is, and tried at once', () => {
  expect(planGpuInstall(linux)).toEqual({ do: 'fetch', thenTry: true })
  expect(planGpuInstall({ ...linux, hasParts: true })).toEqual({ do: 'try' })
})

test('nothing is fetched where it could not be used, unless a person insists', () => {
  expect(planGpuInstall({ ...linux, hasDriver: false })).toMatchObject({
    do: 'refuse',
    because: { code: 'device-no-nvidia-driver' },
  })
  expect(planGpuInstall({ ...linux, hasDriver: false, force: true })).toEqual({ do: 'fetch', thenTry: false })
  expect(planGpuInstall({ ...linux, system: 'darwin arm64', force: true })).toMatchObject({
    do: 'nothing',
    because: { code: 'device-other-system', params: { here: 'darwin arm64' } },
  })
})

test('without a network it says so and how to do without, and nothing is half installed', async (context) => {
  if (`${process.platform} ${process.arch}` !== linux.system) context.skip('for Linux on x64')
  if (hasCudaParts() || (await hasNvidiaDriver())) context.skip('this machine has what would be fetched')
  // No proxy listens there, so whatever this machine's network is, the download fails at once.
  const nowhere = {
    HTTPS_PROXY: '',
    https_proxy: '',
    GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9',
    GLOBAL_AGENT_NO_PROXY: '',
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/gpu-install.ts', '--force'], {
    cwd: projectRoot,
    env: { ...process.env, LANG: 'en', LC_ALL: 'en', ...nowhere },
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(1)
  expect(words).toMatch(/could not be fetched/)
  expect(words).toMatch(/\(gpu-parts-unreachable\)/)
  expect(hasCudaParts()).toBe(false)
})
