import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Executor } from '../executor.ts'
import { floats } from '../host-tensor.ts'
import { createTrainer, type LossProgram } from '../train-step.ts'
import { chooseExecutor } from './choose.ts'
import { cpu } from './cpu.ts'
import type { Absence, Device, DeviceName } from './device.ts'
import { devices as allDevices } from './devices.ts'
import { measureTraining } from './measure.ts'
import { createOnnxExecutor } from './onnx.ts'
import { type Probed, probeDevice, reasonOf } from './probe-device.ts'
import { surveyDevices } from './survey.ts'
import { createTfjsDevice } from './tensorflow.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-devices-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A device that is told to be there, and computes on the CPU. */
const device = (name: DeviceName, absence: Absence | null = null): Device => ({
  name,
  label: name,
  findAbsence: async (wanted) => (wanted ? null : absence),
  open: async ({ threads }) => ({ ...createOnnxExecutor({ threads }), name, device: name }),
})
const noGraphics: Absence = { code: 'device-no-graphics', params: {} }
const measured = (gflops: number, loss = 1): Probed => ({
  absence: null,
  label: 'measured',
  measured: { gflops, loss },
})
const probing = (answers: Partial<Record<DeviceName, Probed>>) => {
  const asked: DeviceName[] = []
  const probe = async (name: DeviceName): Promise<Probed> => {
    asked.push(name)
    return answers[name]!
  }
  return { asked, probe }
}

describe('the devices of a machine', () => {
  const two = [cpu, device('webgpu')]

  it('are not measured where the CPU is the only one', async () => {
    const { asked, probe } = probing({})
    const found = await surveyDevices({ devices: [cpu, device('cuda', noGraphics)], threads: 1, folder, probe })
    expect(found.map(({ name, absence }) => [name, absence?.code ?? 'there'])).toEqual([
      ['cpu', 'there'],
      ['cuda', 'device-no-graphics'],
    ])
    expect(asked).toEqual([])
    expect(await readdir(folder)).toEqual([])
  })

  it('come with the fastest first, and are measured once', async () => {
    const { asked, probe } = probing({ cpu: measured(100), webgpu: measured(900) })
    const order = async () =>
      (await surveyDevices({ devices: two, threads: 1, folder, probe })).map(({ name, gflops }) => [name, gflops])
    expect(await order()).toEqual([
      ['webgpu', 900],
      ['cpu', 100],
    ])
    expect(await order()).toEqual([
      ['webgpu', 900],
      ['cpu', 100],
    ])
    expect(asked).toEqual(['cpu', 'webgpu'])
    await surveyDevices({ devices: two, threads: 1, folder, probe, anew: true })
    expect(asked).toHaveLength(4)
  })

  it('are measured again when the machine has another one', async () => {
    const { asked, probe } = probing({ cpu: measured(100), webgpu: measured(900), cuda: measured(5000) })
    await surveyDevices({ devices: two, threads: 1, folder, probe })
    const found = await surveyDevices({ devices: [...two, device('cuda')], threads: 1, folder, probe })
    expect(found[0]?.name).toBe('cuda')
    expect(asked).toHaveLength(5)
  })

  it('do not count when they are fast but wrong, or died when they were tried', async () => {
    const wrong = probing({ cpu: measured(100, 1), webgpu: measured(900, 1.1) })
    const [first, second] = await surveyDevices({ devices: two, threads: 1, probe: wrong.probe })
    expect([first?.name, second?.absence?.code]).toEqual(['cpu', 'device-wrong'])
    const notANumber = probing({ cpu: measured(100, 1), webgpu: measured(900, Number.NaN) })
    const [best] = await surveyDevices({ devices: two, threads: 1, probe: notANumber.probe })
    expect(best?.name).toBe('cpu')
    const dead = probing({ cpu: measured(100), webgpu: { absence: reasonOf('SIGSEGV', '') } })
    expect((await surveyDevices({ devices: two, threads: 1, probe: dead.probe }))[1]?.absence).toEqual({
      code: 'device-refused',
      params: { detail: 'SIGSEGV' },
    })
  })

  it('are found on this machine, with the reason why each of the others is not there', async () => {
    const found = await surveyDevices({ devices: allDevices, threads: 1 })
    expect(found.find(({ name }) => name === 'cpu')?.absence).toBeNull()
    expect(found.map(({ name }) => name).sort()).toEqual(['cpu', 'cuda', 'tensorflow', 'webgpu'])
  })
})

describe('the chosen device', () => {
  it('is the CPU where nothing else is, with the threads that it was given', async () => {
    const executor = await chooseExecutor({ threads: 3, folder, devices: [cpu, device('cuda', noGraphics)] })
    expect([executor.name, executor.device]).toEqual(['cpu', 'CPU × 3'])
  })

  it('is the one that a person set, if it can be; a reason if not', async () => {
    const devices = [cpu, device('webgpu', noGraphics), { ...device('cuda'), findAbsence: async () => noGraphics }]
    expect((await chooseExecutor({ devices, wanted: 'webgpu' })).name).toBe('webgpu')
    await expect(chooseExecutor({ devices, wanted: 'cuda' })).rejects.toMatchObject({
      device: 'cuda',
      absence: noGraphics,
    })
  })

  it('is none that failed already, be it the one that was set; the CPU is always left', async () => {
    const devices = [cpu, device('webgpu')]
    const avoid = ['webgpu', 'cpu']
    expect((await chooseExecutor({ devices, avoid, wanted: 'webgpu' })).name).toBe('cpu')
  })
})

describe('trying a device', () => {
  it('trains on it in a process of its own', async () => {
    const probed = await probeDevice('cpu', 1)
    if (probed.absence) throw new Error(JSON.stringify(probed.absence))
    expect(probed.label).toBe('CPU × 1')
    expect(probed.measured.gflops).toBeGreaterThan(0)
    // Each device has to come to this loss.
    const here = await measureTraining(createOnnxExecutor({ threads: 2 }), 1)
    expect(probed.measured.loss).toBeCloseTo(here.loss, 4)
  })

  it('tells what a person can do about a failure', () => {
    const vulkan = "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file"
    expect(reasonOf('Failed to get a WebGPU adapter: No supported adapters', vulkan).code).toBe('device-no-vulkan')
    expect(reasonOf('Failed to get a WebGPU adapter: No supported adapters', '').code).toBe('device-no-adapter')
    const cudnn = 'FAIL : Failed to load library: libcudnn.so.9: cannot open shared object file: No such file'
    expect(reasonOf('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load', cudnn)).toEqual({
      code: 'device-refused',
      params: { detail: 'libcudnn.so.9: cannot open shared object file' },
    })
  })
})

describe("a tfjs backend in TensorFlow's place", () => {
  it('is loaded when it is opened, and trains as the CPU does', { timeout: 120_000 }, async () => {
    const tfjs = createTfjsDevice(['@tensorflow/none-such', '@tensorflow/tfjs-backend-cpu'], 'cpu')
    expect(await tfjs.findAbsence(false)).toBeNull()
    const executor = await tfjs.open({ threads: 1 })
    expect([executor.name, executor.device]).toEqual(['tensorflow', 'TensorFlow'])
    const loss: LossProgram = ({ weight }, { x }) => ({ loss: tf.mean(tf.square(tf.matMul(x!, weight!))) })
    const values = (at: number) => Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + at))
    const train = async (on: Executor): Promise<number[]> => {
      const trainer = await createTrainer(on, { trainable: { weight: floats([4, 3], values(0)) }, loss })
      const batch = { inputs: { x: floats([3, 4], values(1)) }, learningRate: 0.1 }
      const steps = await trainer.step([batch, batch, batch])
      await trainer.dispose()
      return steps.map((step) => step.loss)
    }
    const losses = await train(executor)
    for (const [i, expected] of (await train(createOnnxExecutor({ threads: 1 }))).entries())
      expect(losses[i]).toBeCloseTo(expected, 5)
    expect(losses[2]).toBeLessThan(losses[0]!)
  })

  it('that is not installed says so', async () => {
    expect(await createTfjsDevice(['@tensorflow/none-such'], 'none').findAbsence(false)).toEqual({
      code: 'device-not-installed',
      params: { package: '@tensorflow/none-such' },
    })
  })
})
