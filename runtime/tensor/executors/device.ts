import type { Executor } from '../executor.ts'

/** Kinds of devices, by what computes on them; the names are those of the setting `BOTLOOM_DEVICE`. */
export const deviceNames = ['cpu', 'webgpu', 'cuda', 'tensorflow'] as const
export type DeviceName = (typeof deviceNames)[number]

/** Why a device cannot be used here: a code of the error catalogue, whose texts say it to a person, and what goes into them. */
export interface Absence {
  code:
    | 'device-no-graphics'
    | 'device-no-vulkan'
    | 'device-no-adapter'
    | 'device-other-system'
    | 'device-no-nvidia-driver'
    | 'device-cuda-parts-missing'
    | 'device-not-installed'
    | 'device-refused'
    | 'device-wrong'
  params: Record<string, string | number>
}

export interface OpenOptions {
  /** CPU threads that it may use. */
  threads: number
}

/** A device that this machine may have. */
export interface Device {
  readonly name: DeviceName
  /** A line for people, the same in every language. */
  readonly label: string
  /**
   * What can be said without loading any of its native parts: why it cannot be here, or null. `wanted`: a person asked for this
   * device, so that only what makes it impossible counts.
   */
  findAbsence(wanted: boolean): Promise<Absence | null>
  /** May throw, or end the process: driver code runs here. A device is tried in a process of its own before a job uses it. */
  open(options: OpenOptions): Promise<Executor>
}
