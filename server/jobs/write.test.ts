import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { modelRef } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { answerPairs, learnedByHeart } from '#runtime/training/fixtures/answer-pairs.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { createDatasets } from '#runtime/worker/datasets.ts'
import { type Compute, createCompute } from './compute.ts'

const pids: number[] = []
const log = pino(
  { base: null },
  {
    write(line: string) {
      const { pid, msg } = JSON.parse(line) as { pid?: number; msg: string }
      if (pid && msg === 'serving process started') pids.push(pid)
    },
  },
)
const greedy = { temperature: 0, topP: 1, maxTokens: 40, seed: 1 }
const never = new AbortController().signal

let folder: string
let compute: Compute
let artifact: string
/** Taught by a process of its own, from a decoder in the models folder, to answer thirty questions. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-write-'))
  const place = (name: string): string => join(folder, name)
  await writeTinyDecoder(place('models/tiny-gpt2'))
  const folders = { artifacts: place('artifacts'), cache: place('cache'), models: place('models'), allowPaths: false }
  compute = createCompute({ folders, log })
  const rows = answerPairs.map(({ id, question, answer }) => ({ id, text: question, pair: answer }))
  const data = await createDatasets(createArtifactFolder(folders.artifacts)).write(rows, [])
  const config = definitions['fine-tune']!.config.parse({ ...learnedByHeart, encoder: 'tiny-gpt2' }) as Record<
    string,
    unknown
  >
  const ended = await compute.runJob(
    {
      id: 'run_1:fine-tune',
      block: 'fine-tune',
      config,
      inputs: { train: data, validation: data },
      shrink: 0,
      avoid: [],
      trials: [],
      uploads: {},
    },
    { progress: () => {}, note: () => {} },
    { signal: never, finish: never },
  )
  artifact = modelRef.parse('outputs' in ended && ended.outputs.model).artifact
})
afterAll(async () => {
  await compute.stop()
  await rm(folder, { recursive: true, force: true })
})

const pair = (id: string) => answerPairs.find((one) => one.id === id)!

test('the serving process writes what was learned, and tells how the answer grows', async () => {
  const { question, answer } = pair('0-3')
  const heard: string[] = []
  const said = await compute.write(artifact, question, greedy, { onText: (text) => heard.push(text) })
  expect(said).toMatchObject({ text: answer, ended: true })
  expect(heard.length).toBeGreaterThan(0)
  for (const text of heard) expect(answer.startsWith(text), text).toBe(true)
})

test('kill -9 of the serving process in the midst of answers loses none of them', async () => {
  const asked = answerPairs.slice(0, 10).map(({ question }) => compute.write(artifact, question, greedy))
  process.kill(pids.at(-1)!, 'SIGKILL')
  expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(answerPairs.slice(0, 10).map((one) => one.answer))
})

test('whoever leaves is let go at once, before as well as in the midst', async () => {
  const { question } = pair('0-0')
  await expect(compute.write(artifact, question, greedy, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  const stop = new AbortController()
  const left = compute.write(artifact, question, greedy, { signal: stop.signal, onText: () => stop.abort() })
  await expect(left).rejects.toThrow('aborted')
  expect(await compute.write(artifact, question, greedy)).toMatchObject({ text: pair('0-0').answer })
})

test('a model that is not there is refused by its code', async () => {
  await expect(compute.write('0'.repeat(64), 'tea?', greedy)).rejects.toMatchObject({ code: 'artifact-missing' })
})
