import { createRequire } from 'node:module'
import type { Device } from './device.ts'
import { createEagerExecutor } from './eager.ts'

const backends = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** The first of these packages that is installed. */
function installed(packages: readonly string[]): string | null {
  const require = createRequire(import.meta.url)
  for (const name of packages) {
    try {
      require.resolve(name)
      return name
    } catch {
      // Not this one.
    }
  }
  return null
}

/**
 * A tfjs backend that a package registers when it is loaded: TensorFlow where tfjs-node-gpu is installed. Programs run as they are,
 * kernel by kernel.
 */
export function createTfjsDevice(packages: readonly string[], backend: string): Device {
  return {
    name: 'tensorflow',
    label: 'TensorFlow',
    async findAbsence() {
      return installed(packages) === null ? { code: 'device-not-installed', params: { package: packages[0]! } } : null
    },
    async open() {
      const name = installed(packages)
      if (name === null) throw new Error(`${packages.join(', ')}: not installed`)
      await import(name)
      return { ...(await createEagerExecutor(backend)), name: 'tensorflow', device: this.label }
    },
  }
}

export const tensorflow: Device = createTfjsDevice(backends, 'tensorflow')
