import { availableParallelism } from 'node:os'
import type { Executor } from '../executor.ts'
import type { Absence, Device, DeviceName } from './device.ts'
import { devices as allDevices } from './devices.ts'
import { surveyDevices } from './survey.ts'

export interface ChooseOptions {
  /** CPU threads to use. Default: all cores but one, at least one. */
  threads?: number
  /** Where the measurement is kept from job to job. */
  folder?: string
  /** The device that a person set; it is taken without measuring. */
  wanted?: DeviceName
  /** Devices that failed already. The CPU is never left out. */
  avoid?: readonly string[]
  /** Default: every device that there is. */
  devices?: readonly Device[]
}

/** The device that a person set is not here. */
export class DeviceAbsent extends Error {
  readonly device: DeviceName
  readonly absence: Absence

  constructor(device: DeviceName, absence: Absence) {
    super(`${device}: ${absence.code}`)
    this.device = device
    this.absence = absence
  }
}

/** The fastest executor of this machine, or the one that a person set. Throws `DeviceAbsent`. */
export async function chooseExecutor(options: ChooseOptions = {}): Promise<Executor> {
  const { folder, wanted, avoid = [], devices = allDevices } = options
  const threads = options.threads ?? Math.max(1, availableParallelism() - 1)
  const open = devices.filter(({ name }) => name === 'cpu' || !avoid.includes(name))
  const set = open.find(({ name }) => name === wanted)
  if (set) {
    const absence = await set.findAbsence(true)
    if (absence) throw new DeviceAbsent(set.name, absence)
    return set.open({ threads })
  }
  const survey = await surveyDevices({ devices: open, threads, folder })
  const best = survey.find(({ absence }) => absence === null)
  const chosen = open.find(({ name }) => name === best?.name)
  if (!chosen) throw new Error('no device at all')
  return chosen.open({ threads })
}
