import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release } from 'node:os'
import { join } from 'node:path'
import { hasCudaParts, onnxruntimeFolder } from './cuda.ts'
import type { Absence, Device, DeviceName } from './device.ts'
import { graphicsFingerprint } from './graphics.ts'
import { type Probed, probeDevice } from './probe-device.ts'

/** What was found out about one device. */
export interface SurveyedDevice {
  name: DeviceName
  label: string
  /** Why it cannot be used; null where it can. */
  absence: Absence | null
  /** GFLOP a second in training steps; null where nothing was to be compared. */
  gflops: number | null
}

export interface SurveyOptions {
  devices: readonly Device[]
  threads: number
  /** The device that a person set: what it lacks otherwise does not count. */
  wanted?: DeviceName
  /** Where what was measured is kept for the next job; without it nothing is kept. */
  folder?: string
  /** Measures again, and even where there is nothing to choose from. */
  anew?: boolean
  probe?: (name: DeviceName, threads: number) => Promise<Probed>
}

const fileName = 'devices.json'
/** Milliseconds for which a device that failed its try is not tried again. */
const failureLasts = 24 * 3600 * 1000
/** A training's loss may differ between devices by rounding only. */
const tolerance = 1e-3

/**
 * Finds the devices of this machine and how fast each trains, the fastest first. Where the CPU is the only one that can be here,
 * nothing is measured. Measuring takes a second or two the first time; the figures are kept until the machine changes.
 */
export async function surveyDevices(options: SurveyOptions): Promise<SurveyedDevice[]> {
  const { devices, threads, folder, wanted, anew = false, probe = probeDevice } = options
  const found = await Promise.all(
    devices.map(
      async (device): Promise<SurveyedDevice> => ({
        name: device.name,
        label: device.label,
        absence: await device.findAbsence(device.name === wanted),
        gflops: null,
      }),
    ),
  )
  const possible = found.filter((device) => device.absence === null)
  if (possible.length < 2 && !anew) return found
  const key = await machineKey(possible)
  const kept = anew ? null : await readKept(folder, key)
  if (kept) return ranked(kept)
  const cpu = await probe('cpu', threads)
  for (const device of possible) {
    if (device.name === 'cpu') device.gflops = cpu.absence === null ? cpu.measured.gflops : null
    else Object.assign(device, judged(await probe(device.name, threads), cpu))
  }
  await keep(folder, key, found)
  return ranked(found)
}

/** What a try says of a device, with the CPU's numbers as the measure of right and wrong. */
function judged(probed: Probed, cpu: Probed): Partial<SurveyedDevice> {
  if (probed.absence) return { absence: probed.absence }
  const { label, measured } = probed
  if (cpu.absence === null) {
    const expected = cpu.measured.loss
    if (!(Math.abs(measured.loss - expected) <= tolerance * Math.abs(expected)))
      return { label, absence: { code: 'device-wrong', params: { found: measured.loss, expected } } }
  }
  return { label, gflops: measured.gflops }
}

function ranked(devices: readonly SurveyedDevice[]): SurveyedDevice[] {
  return [...devices].sort((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0))
}

/** Changes with whatever may change a figure: packages, processor, cards, drivers. */
async function machineKey(possible: readonly SurveyedDevice[]): Promise<string> {
  const { version } = createRequire(import.meta.url)(join(onnxruntimeFolder(), 'package.json')) as { version: string }
  const facts = [
    'measured by 1',
    ...possible.map((device) => device.name),
    process.version,
    version,
    String(hasCudaParts()),
    release(),
    cpus()[0]?.model ?? '',
    String(availableParallelism()),
    ...(await graphicsFingerprint()),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

interface Kept {
  key: string
  at: number
  devices: SurveyedDevice[]
}

async function readKept(folder: string | undefined, key: string): Promise<SurveyedDevice[] | null> {
  if (folder === undefined) return null
  try {
    const kept = JSON.parse(await readFile(join(folder, fileName), 'utf8')) as Kept
    const failed = kept.devices.some(({ absence }) => absence !== null && isTried(absence))
    return kept.key === key && (!failed || Date.now() - kept.at < failureLasts) ? kept.devices : null
  } catch {
    return null
  }
}

/** Whether only trying could tell. */
const isTried = ({ code }: Absence): boolean =>
  code === 'device-refused' || code === 'device-wrong' || code === 'device-no-adapter' || code === 'device-no-vulkan'

/** What cannot be kept is measured again by the next job. */
async function keep(folder: string | undefined, key: string, devices: SurveyedDevice[]): Promise<void> {
  if (folder === undefined) return
  const kept: Kept = { key, at: Date.now(), devices }
  const half = join(folder, `${fileName}.${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(half, JSON.stringify(kept))
    await rename(half, join(folder, fileName))
  } catch {
    if (existsSync(half)) await rm(half, { force: true })
  }
}
