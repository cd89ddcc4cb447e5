import { describe, expect, test } from 'vitest'
import type { RunNote } from '#kit'
import { cpu } from '#runtime/tensor/executors/cpu.ts'
import type { Device } from '#runtime/tensor/executors/device.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { chooseDevice, wantedDevice } from './choose-device.ts'

/** A graphics card that is lost as soon as it is to compute. */
const lost: Device = {
  name: 'webgpu',
  label: 'GPU (WebGPU)',
  findAbsence: async () => null,
  open: async ({ threads }) => ({
    ...createOnnxExecutor({ threads }),
    name: 'webgpu',
    device: 'GPU (WebGPU)',
    compile: async () => ({
      run: () => Promise.reject(new Error('WebGPU device lost (2): removed\n at somewhere')),
      dispose: async () => {},
    }),
  }),
}

async function choose(avoid: string[], set?: string) {
  const notes: RunNote[] = []
  const before = process.env.BOTLOOM_DEVICE
  process.env.BOTLOOM_DEVICE = set ?? ''
  try {
    const given = { threads: 1, devices: { folder: '/none', avoid }, note: (note: RunNote) => notes.push(note) }
    return { executor: await chooseDevice(given, [cpu, lost]), notes }
  } finally {
    process.env.BOTLOOM_DEVICE = before ?? ''
  }
}

describe('the device of a training', () => {
  test('is told to the run', async () => {
    const { notes } = await choose([], 'cpu')
    expect(notes).toEqual([{ code: 'computing-on', params: { name: 'cpu', device: 'CPU × 1' } }])
  })

  test('that is lost in the midst is the failure of the device, which asks for another', async () => {
    const { executor } = await choose([], 'webgpu')
    const compiled = await executor.compile(({ x }) => ({ y: x! }), { x: { shape: [1], dtype: 'float32' } })
    await expect(compiled.run({ x: floats([1]) })).rejects.toMatchObject({
      code: 'device-failed',
      retry: 'other-device',
      params: { device: 'webgpu', label: 'GPU (WebGPU)', detail: 'WebGPU device lost (2): removed' },
    })
  })

  test('is another one after that, and the run is warned', async () => {
    const { executor, notes } = await choose(['webgpu'], 'webgpu')
    expect(executor.name).toBe('cpu')
    expect(notes[0]).toEqual({
      code: 'device-given-up',
      params: { failed: 'GPU (WebGPU)', device: 'CPU × 1' },
    })
  })

  test('may be set to one that there is, and to nothing else', () => {
    expect(wantedDevice('')).toBeUndefined()
    expect(wantedDevice('cuda')).toBe('cuda')
    expect(() => wantedDevice('toaster')).toThrow(expect.objectContaining({ code: 'device-unknown' }))
  })
})
