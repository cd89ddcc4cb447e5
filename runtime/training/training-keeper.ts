import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nanoid } from 'nanoid'
import { z } from 'zod'
import { type RunNote, runNote } from '#kit'
import { parseSafetensors, safetensorsParts, type Weights } from '#runtime/language/safetensors.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import type { TuningState } from './tuning-loop.ts'

/** What held-out rows say of weights. */
export interface Judged {
  weights: HostTensors
  /** Scores of the held-out rows [rows, labels]. */
  scores: Float32Array
  /** Share of rows whose labels are right. */
  right: number
  /** What an epoch is chosen by, higher is better: see `metricFor`; where entities are learned, its mean with their F1. */
  merit: number
  /** Mean loss of all that is learned, nats. */
  loss: number
  /** Epochs that the weights have learned. */
  epoch: number
}

/** How far a training is, between two calls into the executor. */
export interface Standing {
  tuning: TuningState
  /** The executor by its name, and in words. */
  ranOn: { name: string; device: string }
  /** Epochs that were gone through whole. */
  finished: number
  best: Judged | null
  /** Lowest loss on held-out rows, nats; epochs since they liked one better. */
  lowest: number
  idle: number
  /** Seconds that were trained. */
  seconds: number
  notes: readonly RunNote[]
}

/** What one training leaves on disk while it goes on, for an attempt after it. One training at a time; the members of one come one after the other. */
export interface TrainingKeeper {
  /**
   * What an interrupted training of this key left; null where nothing did. `unusable` hears of one that is torn or of another
   * release; it is put aside.
   */
  open(key: string, unusable: () => void): Promise<Standing | null>
  /** Whether it is time to keep a state: after an epoch sooner than in the midst of one. */
  due(after: 'epoch' | 'steps'): boolean
  /** Keeps a state in place of the last one: whole, or not at all. Answers false where the disk refused. */
  keep(standing: Standing): Promise<boolean>
  /** The training, with all its members, has reached its end: nothing is left to go on with. */
  forget(): Promise<void>
}

const count = z.number().int().min(0)
const file = z.object({ name: z.string().regex(/^[\w-]+\.safetensors$/), sha256: z.string() })
const place = z.object({
  format: z.literal(1),
  state: file,
  steps: count,
  epoch: count.min(1),
  done: count,
  sum: z.number(),
  setbacks: count,
  rowsAtOnce: count.min(1),
  ranOn: z.object({ name: z.string(), device: z.string() }),
  finished: count,
  best: z.object({ file, right: z.number(), merit: z.number(), loss: z.number(), epoch: count }).nullable(),
  lowest: z.number().nullable(),
  idle: count,
  seconds: z.number(),
  notes: z.array(runNote),
})
type Place = z.infer<typeof place>
type Kept = z.infer<typeof file>

const placeName = 'place.json'
/** States within an epoch are kept this often. */
const everyMinutes = 5
/** After an epoch a state is kept unless that would take more than this share of the time. */
const mostShare = 0.05
/** Trainings that nobody went on with: they go after some days, or when all together are too large. */
const mostDays = 7
const mostBytes = 8 * 2 ** 30
const surelyLeft = 3_600_000

/** Trainings in `folder`, each in a folder named by its key. */
export function createTrainingKeeper(folder: string, { minutes = everyMinutes } = {}): TrainingKeeper {
  let home: string | undefined
  const homes = new Set<string>()
  let last = performance.now()
  let cost = 0
  let best: { of: Judged; kept: Kept } | undefined
  /** Files of the state that stands. */
  let named: string[] = []

  async function write(name: string, parts: readonly Uint8Array[]): Promise<Kept> {
    const hash = createHash('sha256')
    const handle = await open(join(home!, name), 'w')
    try {
      for (const part of parts) {
        hash.update(part)
        await handle.writeFile(part)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    return { name, sha256: hash.digest('hex') }
  }

  async function read({ name, sha256 }: Kept): Promise<Map<string, { shape: readonly number[]; data: Float32Array }>> {
    const bytes = await readFile(join(home!, name))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${name} is torn`)
    return parseSafetensors(bytes, name)
  }

  /** What else is there was left by an attempt that was cut off, or by the state before. */
  async function tidy(): Promise<void> {
    for (const name of await readdir(home!))
      if (!named.includes(name)) await rm(join(home!, name), { recursive: true, force: true })
  }

  return {
    async open(key, unusable) {
      home = join(folder, key)
      homes.add(home)
      best = undefined
      named = []
      await sweep(folder, key)
      last = performance.now()
      const text = await readFile(join(home, placeName), 'utf8').catch(() => null)
      if (text === null) return null
      try {
        const { state, steps, best: known, lowest, format: _, ...found } = place.parse(JSON.parse(text))
        const { epoch, done, sum, setbacks, rowsAtOnce, ...course } = found
        const trainer = { tensors: toTensors(await read(state)), steps }
        let judged: Judged | null = null
        if (known) {
          const { scores, ...weights } = toTensors(await read(known.file))
          const { right, merit, loss, epoch: learned } = known
          judged = { weights, scores: scores!.data as Float32Array, right, merit, loss, epoch: learned }
          best = { of: judged, kept: known.file }
        }
        named = [placeName, state.name, ...(known ? [known.file.name] : [])]
        return {
          ...course,
          tuning: { trainer, epoch, done, sum, setbacks, rowsAtOnce },
          best: judged,
          lowest: lowest ?? Number.POSITIVE_INFINITY,
        }
      } catch {
        best = undefined
        await rm(home, { recursive: true, force: true })
        unusable()
        return null
      }
    },

    due(after) {
      const passed = performance.now() - last
      return after === 'epoch' ? passed * mostShare >= cost : passed >= minutes * 60_000
    },

    async keep({ tuning, best: judged, lowest, ...course }) {
      if (!home) throw new Error('no training was opened')
      const start = performance.now()
      const { trainer, ...at } = tuning
      const former = best
      try {
        await mkdir(home, { recursive: true })
        const state = await write(`state-${nanoid()}.safetensors`, safetensorsParts(toWeights(trainer.tensors)))
        if (judged && best?.of !== judged) {
          const scores = floats([judged.scores.length], judged.scores)
          const parts = safetensorsParts(toWeights({ ...judged.weights, scores }))
          best = { of: judged, kept: await write(`best-${nanoid()}.safetensors`, parts) }
        }
        const now: Place = {
          format: 1,
          ...at,
          ...course,
          notes: [...course.notes],
          steps: trainer.steps,
          state,
          best: judged && {
            file: best!.kept,
            right: judged.right,
            merit: judged.merit,
            loss: judged.loss,
            epoch: judged.epoch,
          },
          lowest: Number.isFinite(lowest) ? lowest : null,
        }
        await write(`${placeName}.part`, [Buffer.from(JSON.stringify(now))])
        await rename(join(home, `${placeName}.part`), join(home, placeName))
        await syncFolder(home)
        named = [placeName, state.name, ...(judged ? [best!.kept.name] : [])]
        await tidy()
        return true
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error
        // The training matters more than its safety net; the state before this one stands as it was.
        best = former
        await tidy().catch(() => {})
        return false
      } finally {
        last = performance.now()
        cost = last - start
      }
    },

    async forget() {
      for (const own of homes) await rm(own, { recursive: true, force: true })
      homes.clear()
      best = undefined
      named = []
    },
  }
}

const toWeights = (tensors: HostTensors): Weights =>
  new Map(Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]))

const toTensors = (weights: Weights): HostTensors =>
  Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, floats(shape, data)]))

/** A name is on the disk only when its folder is; systems that cannot do that for a folder do it by themselves. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

async function sweep(folder: string, own: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name !== own)
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const files = await readdir(path).catch(() => [])
      const sizes = await Promise.all(files.map((one) => stat(join(path, one)).catch(() => null)))
      const time = (await stat(path).catch(() => null))?.mtimeMs ?? 0
      return { path, time, bytes: sizes.reduce((sum, one) => sum + (one?.size ?? 0), 0) }
    }),
  )
  let bytes = found.reduce((sum, one) => sum + one.bytes, 0)
  for (const one of found.sort((a, b) => a.time - b.time)) {
    const age = Date.now() - one.time
    if (age < mostDays * 86_400_000 && (bytes <= mostBytes || age < surelyLeft)) continue
    await rm(one.path, { recursive: true, force: true })
    bytes -= one.bytes
  }
}
