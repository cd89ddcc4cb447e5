import { BotloomError, errorText, type RunnerContext } from '#kit'
import type { CompiledLoop, CompiledProgram, Executor } from '#runtime/tensor/executor.ts'
import { chooseExecutor, DeviceAbsent } from '#runtime/tensor/executors/choose.ts'
import { type Device, type DeviceName, deviceNames } from '#runtime/tensor/executors/device.ts'
import { devices as allDevices } from '#runtime/tensor/executors/devices.ts'
import { isOutOfMemory } from '#runtime/tensor/out-of-memory.ts'

/**
 * The device that a block's training runs on: the one of `BOTLOOM_DEVICE`, else the fastest. Tells which it is, and which failed
 * before. What fails on it later is `device-failed`, after which the engine tries another one; the CPU's failures are the block's own.
 * Throws `device-unknown`, `device-unusable`.
 */
export async function chooseDevice(
  { threads, devices: { folder, avoid }, note }: Pick<RunnerContext, 'threads' | 'devices' | 'note'>,
  devices: readonly Device[] = allDevices,
): Promise<Executor> {
  const wanted = wantedDevice(process.env.BOTLOOM_DEVICE)
  const executor = await chooseExecutor({ threads, folder, avoid, wanted, devices }).catch((error: unknown) => {
    if (!(error instanceof DeviceAbsent)) throw error
    const { code, params } = error.absence
    throw new BotloomError('device-unusable', { device: error.device, detail: errorText(code, params, 'en').message })
  })
  const failed = devices.filter(({ name }) => avoid.includes(name)).map(({ label }) => label)
  if (failed.length > 0)
    note({ code: 'device-given-up', params: { failed: failed.join(', '), device: executor.device } })
  note({ code: 'computing-on', params: { name: executor.name, device: executor.device } })
  return executor.name === 'cpu' ? executor : guarded(executor)
}

/** The device that a person set; undefined where none is. Throws `device-unknown`. */
export function wantedDevice(set: string | undefined): DeviceName | undefined {
  if (set === undefined || set === '') return undefined
  const known = deviceNames.find((name) => name === set)
  if (!known) throw new BotloomError('device-unknown', { device: set, known: deviceNames.join(', ') })
  return known
}

/** The same executor, whose failures are told as the device's. */
function guarded(executor: Executor): Executor {
  const { name, device } = executor
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      // Want of memory is met with smaller parts, on the same device.
      if (error instanceof BotloomError || isOutOfMemory(error)) throw error
      const detail = error instanceof Error ? error.message.trim().split('\n')[0]! : String(error)
      throw new BotloomError('device-failed', { device: name, label: device, detail }, { cause: error })
    }
  }
  const program = (compiled: CompiledProgram): CompiledProgram => ({
    run: (feeds) => guard(() => compiled.run(feeds)),
    dispose: () => compiled.dispose(),
  })
  const loop = (compiled: CompiledLoop): CompiledLoop => ({
    run: (state, captured, steps) => guard(() => compiled.run(state, captured, steps)),
    dispose: () => compiled.dispose(),
  })
  return {
    name,
    device,
    compile: async (...given) => program(await guard(() => executor.compile(...given))),
    compileLoop: async (...given) => loop(await guard(() => executor.compileLoop(...given))),
    upload: (tensors) => guard(() => executor.upload(tensors)),
  }
}
