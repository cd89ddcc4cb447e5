import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ArtifactAccess,
  BotloomError,
  type Progress,
  type RecordAccess,
  type RunNote,
  type RunnerAnswer,
  type RunnerContext,
  type UploadAccess,
} from '#kit'
import { runners } from '#nodes/runners.gen.ts'
import { resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import { createArtifactFolder } from './artifacts.ts'
import { createDatasets } from './datasets.ts'
import { type ComputeFolders, type StagedUpload, type ToCompute, uploadFile } from './protocol.ts'

/** Milliseconds between two progress messages: four a second are more than an eye follows. */
const progressEvery = 250

export interface JobSurroundings {
  folders: ComputeFolders
  threads: number
  signal: AbortSignal
  finish: AbortSignal
  progress(progress: Progress): void
  note(note: RunNote): void
  /** Present in the server's own process only. */
  records?: RecordAccess
}

/** Runs one block with everything that its runner may ask for; trials that ended are not asked for again. Rejects with `BotloomError` for what a person can mend. */
export async function runJob(
  job: Pick<
    Extract<ToCompute, { type: 'job.start' }>,
    'block' | 'config' | 'inputs' | 'shrink' | 'avoid' | 'trials' | 'uploads'
  >,
  around: JobSurroundings,
): Promise<RunnerAnswer> {
  const load = runners[job.block]
  if (!load) throw new BotloomError('unknown-block', { type: job.block })
  const runner = await load()
  const artifacts = createArtifactFolder(around.folders.artifacts)
  const ctx: RunnerContext = {
    signal: around.signal,
    finish: around.finish,
    progress: throttle(around.progress),
    note: around.note,
    artifacts,
    datasets: createDatasets(artifacts),
    records: around.records ?? noRecords,
    uploads: around.records ? { read: around.records.upload } : stagedUploads(artifacts, job.uploads),
    encoders: {
      folder: (name, kind) =>
        resolveEncoder(name, { modelsFolder: around.folders.models, allowPaths: around.folders.allowPaths, kind }),
    },
    cacheFolder: join(around.folders.cache, 'features'),
    trainingFolder: join(around.folders.cache, 'trainings'),
    threads: around.threads,
    devices: { folder: around.folders.cache, avoid: job.avoid },
    shrink: job.shrink,
    trials: job.trials,
  }
  const given = { config: job.config, inputs: job.inputs, ctx }
  const plan = await runner.plan?.(given)
  const trials = plan?.trials.filter(({ id }) => !job.trials.some((ended) => ended.id === id)) ?? []
  return plan && trials.length > 0 ? { plan: { ...plan, trials } } : { outputs: await runner.run(given) }
}

const noRecords: RecordAccess = {
  set: () => Promise.reject(new Error('a compute process has no records')),
  file: () => Promise.reject(new Error('a compute process has no records')),
  upload: () => Promise.reject(new Error('a compute process has no records')),
}

/** What the server put into the artifacts for this job. */
function stagedUploads(artifacts: ArtifactAccess, staged: Readonly<Record<string, StagedUpload>>): UploadAccess {
  return {
    async read(ref) {
      const upload = Object.hasOwn(staged, ref) ? staged[ref] : undefined
      if (!upload) throw new BotloomError('file-missing', { file: ref })
      return { name: upload.name, bytes: await readFile(join(await artifacts.open(upload.artifact), uploadFile)) }
    },
  }
}

/** Lets a new phase and the end through at once, and of the rest one in a while. */
function throttle(send: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0
  let phase = ''
  return (progress) => {
    const now = Date.now()
    if (progress.phase === phase && progress.share < 1 && now - last < progressEvery) return
    last = now
    phase = progress.phase
    send(progress)
  }
}
