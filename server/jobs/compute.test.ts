import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ClassifierRef, type DatasetRow, modelRef, type Progress, type RunNote } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { readCard } from '#runtime/language/read-card.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { createDatasets } from '#runtime/worker/datasets.ts'
import { type ComputeFolders, protocolVersion } from '#runtime/worker/protocol.ts'
import { type Compute, type ComputeJob, createCompute } from './compute.ts'
import { memoryKills } from './memory-kills.ts'

/** Process ids by what the log says was started, newest last: what an operator would kill. */
const started: Record<string, number[]> = {}
const log = pino(
  { base: null },
  {
    write(line: string) {
      const { pid, msg } = JSON.parse(line) as { pid?: number; msg: string }
      if (pid) started[msg] = [...(started[msg] ?? []), pid]
    },
  },
)
const serving = (): number => started['serving process started']?.at(-1) ?? 0
const training = (): number => started['training process started']?.at(-1) ?? 0

let folder: string
let folders: ComputeFolders
let compute: Compute
let job: ComputeJob
let model: ClassifierRef

const sentences: [label: string, texts: string[]][] = [
  ['lbl_refund', ['I want my money back', 'refund please', 'how do I get a refund', '我要退款', '钱什么时候退给我']],
  ['lbl_ship', ['where is my parcel', 'track my order', 'has it shipped yet', '我的快递到哪了', '什么时候发货']],
]
const never = new AbortController().signal
const goesOn = { signal: never, finish: never }
const hearing = (progress: (now: Progress) => void = () => {}) => ({ progress, note: () => {} })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-compute-'))
  folders = {
    artifacts: join(folder, 'artifacts'),
    cache: join(folder, 'cache'),
    models: join(folder, 'models'),
    allowPaths: false,
  }
  compute = createCompute({ folders, log })
  const rows: DatasetRow[] = sentences.flatMap(([label, texts]) =>
    texts.map((text, i) => ({ id: `${label}${i}`, text, label })),
  )
  const labels = sentences.map(([id]) => ({ id, name: id.slice(4) }))
  const train = await createDatasets(createArtifactFolder(folders.artifacts)).write(rows, labels)
  job = {
    id: 'run_1:fine-tune',
    block: 'fine-tune',
    config: definitions['fine-tune']!.config.parse({}) as Record<string, unknown>,
    inputs: { train },
    shrink: 0,
    avoid: [],
    trials: [],
    uploads: {},
  }
})
afterAll(async () => {
  await compute.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a job runs in a process of its own, tells how far it is, and its model answers', async () => {
  const progress: Progress[] = []
  const ended = await compute.runJob(
    job,
    hearing((now) => progress.push(now)),
    goesOn,
  )
  const trained = modelRef.parse('outputs' in ended && ended.outputs.model)
  model = { artifact: trained.artifact, labels: trained.labels, threshold: 0.5, accuracy: null }
  expect(progress.length).toBeGreaterThan(0)
  expect(progress.every(({ share }) => share >= 0 && share <= 1)).toBe(true)
  const [answer] = await compute.classify(model, ['please send my money back'])
  expect(answer?.labels[0]?.label).toBe('lbl_refund')
  await vi.waitFor(
    () => expect(compute.served()).toMatchObject([{ artifact: model.artifact, precision: 'full', answers: 1 }]),
    { timeout: 10_000 },
  )
  expect(training()).not.toBe(process.pid)
  await vi.waitFor(() => expect(() => process.kill(training(), 0)).toThrow(), { timeout: 10_000 })
})

test('kill -9 of the serving process loses no question that was asked', async () => {
  await compute.warm([model])
  const questions = Array.from({ length: 40 }, (_, i) => compute.classify(model, [`where is parcel ${i}`]))
  process.kill(serving(), 'SIGKILL')
  const answers = await Promise.all(questions)
  expect(answers.map(([answer]) => answer?.labels[0]?.label)).toEqual(Array(40).fill('lbl_ship'))
})

test('a serving process that was killed while nobody asked is up again by itself', async () => {
  const before = serving()
  process.kill(before, 'SIGKILL')
  await vi.waitFor(() => expect(serving()).not.toBe(before), { timeout: 10_000 })
  expect(await compute.classify(model, ['refund'])).toHaveLength(1)
})

test('kill -9 of the training process is told as such, and asks for another try, a smaller one where it may have been memory', async () => {
  const attempt = compute.runJob(
    job,
    hearing(() => process.kill(training(), 'SIGKILL')),
    goesOn,
  )
  const told = (await memoryKills()) === null ? ['compute-died', 'smaller'] : ['compute-killed', 'now']
  await expect(attempt).rejects.toMatchObject({ code: told[0], retry: told[1], params: { reason: 'SIGKILL' } })
})

test('a training that is asked to end with what it has gives its model, and says so', async () => {
  const finish = new AbortController()
  const notes: RunNote[] = []
  const config = definitions['fine-tune']!.config.parse({ method: 'partial', layers: 1, epochs: 50 })
  const ended = await compute.runJob(
    { ...job, config: config as Record<string, unknown> },
    { progress: ({ keepable }) => keepable && finish.abort(), note: (note) => notes.push(note) },
    { signal: never, finish: finish.signal },
  )
  expect(notes).toMatchObject([{ code: 'computing-on' }, { code: 'training-ended-early', params: { epochs: 50 } }])
  const card = await readCard(
    await createArtifactFolder(join(folder, 'artifacts')).open(
      modelRef.parse('outputs' in ended && ended.outputs.model).artifact,
    ),
  )
  expect(card.training.epochs).toBeLessThan(50)
  expect(card.training.notes).toEqual(notes.slice(1))
})

test('a job that is cancelled ends at once, before it began as well as in the midst', async () => {
  await expect(compute.runJob(job, hearing(), { ...goesOn, signal: AbortSignal.abort() })).rejects.toThrow()
  const stop = new AbortController()
  const attempt = compute.runJob(
    job,
    hearing(() => stop.abort()),
    { ...goesOn, signal: stop.signal },
  )
  await expect(attempt).rejects.toMatchObject({ code: 'run-cancelled' })
})

test('what a block cannot do comes back with its code, not as a broken process', async () => {
  const wrong = { ...job, config: { ...job.config, encoder: 'no-such-encoder' } }
  await expect(compute.runJob(wrong, hearing(), goesOn)).rejects.toMatchObject({ code: 'unknown-encoder' })
  const path = { ...job, config: { ...job.config, encoder: '/etc/passwd' } }
  await expect(compute.runJob(path, hearing(), goesOn)).rejects.toMatchObject({ code: 'encoder-path-refused' })
  const gone = { ...model, artifact: '0'.repeat(64) }
  await expect(compute.classify(gone, ['hello'])).rejects.toMatchObject({ code: 'artifact-missing' })
})

test('a graphics card that takes its process with it is the failure of the card, and asks for another device', async () => {
  const entry = join(folder, 'dying.mjs')
  const said = [
    { type: 'ready', version: protocolVersion, device: 'CPU' },
    { type: 'job.noted', job: job.id, note: { code: 'computing-on', params: { name: 'cuda', device: 'A card' } } },
  ]
  const send = (message: unknown, then: string) => `process.send(${JSON.stringify(message)}, () => { ${then} })`
  await writeFile(entry, send(said[0], send(said[1], "process.kill(process.pid, 'SIGSEGV')")))
  const dying = createCompute({ folders, entry, log })
  await expect(dying.runJob(job, hearing(), goesOn)).rejects.toMatchObject({
    code: 'device-failed',
    retry: 'other-device',
    params: { device: 'cuda', label: 'A card', detail: 'SIGSEGV' },
  })
  await dying.stop()
})
