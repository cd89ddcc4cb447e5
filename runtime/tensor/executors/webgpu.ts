import type * as ort from 'onnxruntime-node'
import type { CompiledLoop, Executor, HostTensors, ResidentTensors, TensorSpec } from '../executor.ts'
import { loopNames, traceProgram, traceStep } from '../trace/program.ts'
import type { Device } from './device.ts'
import { hasGraphics, nvidiaModel } from './graphics.ts'
import { compileProgram, openSession, toHost, toOrt } from './session.ts'

export interface WebGpuExecutorOptions {
  /** CPU threads for what the provider leaves to the CPU. */
  threads?: number
  /** The line for people. */
  device?: string
}

/** A tensor on the device; whoever holds it frees it once. */
interface DeviceTensor {
  tensor: ort.Tensor
  free(): Promise<void>
}

/** A session whose outputs stay on the device. They lie in its own memory, so it ends only when the last of them was freed. */
class DeviceSession {
  readonly #session: ort.InferenceSession
  readonly inputNames: ReadonlySet<string>
  #outputs = 0
  #closed = false

  constructor(session: ort.InferenceSession) {
    this.#session = session
    this.inputNames = new Set(session.inputNames)
  }

  run(feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
    return this.#session.run(feeds)
  }

  hold(tensor: ort.Tensor): DeviceTensor {
    this.#outputs++
    return {
      tensor,
      free: async () => {
        tensor.dispose()
        this.#outputs--
        await this.#end()
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  async #end(): Promise<void> {
    if (this.#closed && this.#outputs === 0) await this.#session.release()
  }
}

const copyName = (name: string): string => `copy/${name}`

/**
 * A graph that passes its inputs on, to the device or back: onnxruntime-node cannot read a tensor on the device otherwise (asking
 * for its data ends the process).
 */
async function openCopier(
  tensors: Record<string, ort.Tensor>,
  to: 'device' | 'memory',
  threads: number | undefined,
): Promise<DeviceSession> {
  const specs: Record<string, TensorSpec> = {}
  for (const [name, { dims, type }] of Object.entries(tensors)) specs[name] = { shape: dims, dtype: type as 'float32' }
  const bytes = traceProgram(
    (inputs) => Object.fromEntries(Object.entries(inputs).map(([name, t]) => [copyName(name), t])),
    specs,
    { target: 'webgpu' },
  )
  const stays = to === 'device' ? Object.keys(tensors).map(copyName) : []
  return new DeviceSession(await openSession(bytes, { provider: 'webgpu', threads }, { arena: false, stays }))
}

/** Tensors in the device's memory. */
class WebGpuTensors implements ResidentTensors {
  readonly held = new Map<string, DeviceTensor>()
  readonly #threads: number | undefined

  constructor(threads: number | undefined) {
    this.#threads = threads
  }

  async read(names: readonly string[] = [...this.held.keys()]): Promise<HostTensors> {
    if (names.length === 0) return {}
    const wanted = Object.fromEntries(names.map((name) => [name, this.held.get(name)!.tensor]))
    const copier = await openCopier(wanted, 'memory', this.#threads)
    try {
      const results = await copier.run(wanted)
      return Object.fromEntries(names.map((name) => [name, toHost(results[copyName(name)]!)]))
    } finally {
      await copier.close()
    }
  }

  async set(name: string, tensor: DeviceTensor): Promise<void> {
    await this.held.get(name)?.free()
    this.held.set(name, tensor)
  }

  async dispose(): Promise<void> {
    for (const tensor of this.held.values()) await tensor.free()
    this.held.clear()
  }
}

const residents = (t: ResidentTensors): WebGpuTensors => {
  if (t instanceof WebGpuTensors) return t
  throw new Error('these tensors were uploaded by another executor')
}

/**
 * The same recorded graphs on any graphics card, by ONNX Runtime's WebGPU provider (Vulkan, Metal, D3D12). Weights and moments stay
 * on the device from step to step; a Scan would fetch and send them each time, since the provider has none of its own.
 * Nodes that the provider lacks run on the CPU.
 */
export function createWebGpuExecutor({ threads, device }: WebGpuExecutorOptions = {}): Executor {
  const where = { provider: 'webgpu' as const, threads }
  return {
    name: 'webgpu',
    device: device ?? 'GPU (WebGPU)',
    compile: (program, inputs, options) => compileProgram(where, program, inputs, options),

    async compileLoop(program, spec): Promise<CompiledLoop> {
      const { bytes, outputs } = traceStep(program, spec, 'webgpu')
      const stateNames = Object.keys(spec.state)
      const stays = stateNames.map(loopNames.nextState)
      const session = new DeviceSession(await openSession(bytes, where, { arena: false, stays }))
      return {
        async run(state, captured, steps) {
          const carried = residents(state)
          const fixed = residents(captured)
          const collected: HostTensors[] = []
          for (const step of steps) {
            const given: [string, ort.Tensor][] = [
              ...stateNames.map((name): [string, ort.Tensor] => [
                loopNames.state(name),
                carried.held.get(name)!.tensor,
              ]),
              ...Object.keys(spec.captured).map((name): [string, ort.Tensor] => [
                loopNames.captured(name),
                fixed.held.get(name)!.tensor,
              ]),
              ...Object.keys(spec.inputs).map((name): [string, ort.Tensor] => [
                loopNames.inputs(name),
                toOrt(step[name]!),
              ]),
            ]
            const results = await session.run(
              Object.fromEntries(given.filter(([name]) => session.inputNames.has(name))),
            )
            for (const name of stateNames) await carried.set(name, session.hold(results[loopNames.nextState(name)]!))
            collected.push(Object.fromEntries(outputs.map((name) => [name, toHost(results[loopNames.outputs(name)]!)])))
          }
          return collected
        },
        dispose: () => session.close(),
      }
    },

    async upload(tensors) {
      const uploaded = new WebGpuTensors(threads)
      const given = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, toOrt(t)]))
      if (Object.keys(given).length === 0) return uploaded
      const copier = await openCopier(given, 'device', threads)
      const results = await copier.run(given)
      for (const name of Object.keys(given)) await uploaded.set(name, copier.hold(results[copyName(name)]!))
      await copier.close()
      return uploaded
    },
  }
}

/** Any graphics card whose driver speaks Vulkan, Metal or Direct3D 12. */
export const webgpu: Device = {
  name: 'webgpu',
  label: 'GPU (WebGPU)',
  async findAbsence(wanted) {
    // A software device can be asked for, but is never taken for a graphics card.
    return wanted || (await hasGraphics()) ? null : { code: 'device-no-graphics', params: {} }
  },
  async open({ threads }) {
    const model = await nvidiaModel()
    return createWebGpuExecutor({ threads, device: model ? `${model} (WebGPU)` : this.label })
  },
}
