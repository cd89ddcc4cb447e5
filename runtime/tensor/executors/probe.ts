/**
 * A process that tries one device: driver code may end it, print what it likes, or hang, and nobody is hurt.
 * Arguments: the device's name, CPU threads. Answers its parent with one `ProbeAnswer`.
 */
import { devices } from './devices.ts'
import { type Measurement, measureTraining } from './measure.ts'

export type ProbeAnswer = { label: string; measured: Measurement } | { error: string }

const [, , name, threads] = process.argv

async function answer(): Promise<ProbeAnswer> {
  try {
    const device = devices.find((one) => one.name === name)
    if (!device) return { error: `no device ${name}` }
    const executor = await device.open({ threads: Number(threads) })
    return { label: executor.device, measured: await measureTraining(executor) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

// The answer may end while native threads still run; nothing is left to wait for.
process.send?.(await answer(), () => process.exit(0))
