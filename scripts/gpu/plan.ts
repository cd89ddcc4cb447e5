import type { Absence } from '../../runtime/tensor/executors/device.ts'

export interface GpuFacts {
  /** `process.platform` and `process.arch`. */
  system: string
  hasDriver: boolean
  hasParts: boolean
  /** For an image that is built where no card is. */
  force: boolean
}

export type GpuPlan =
  | { do: 'fetch'; thenTry: boolean }
  /** They are there already. */
  | { do: 'try' }
  /** Nothing could be fetched for this system, and nothing needs to be. */
  | { do: 'nothing'; because: Absence }
  | { do: 'refuse'; because: Absence }

const system = 'linux x64'

/** What `gpu:install` does on such a machine: hundreds of megabytes are fetched only where they can be used. */
export function planGpuInstall(facts: GpuFacts): GpuPlan {
  if (facts.system !== system)
    return { do: 'nothing', because: { code: 'device-other-system', params: { needed: system, here: facts.system } } }
  if (facts.hasDriver) return facts.hasParts ? { do: 'try' } : { do: 'fetch', thenTry: true }
  if (facts.force) return { do: 'fetch', thenTry: false }
  return { do: 'refuse', because: { code: 'device-no-nvidia-driver', params: {} } }
}
