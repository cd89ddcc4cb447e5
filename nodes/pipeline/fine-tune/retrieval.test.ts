import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetRow, finderRef, type ModelRef, modelRef, retrievalReportRef } from '#kit'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { readRetrieverCard } from '#runtime/language/read-card.ts'
import { questionAnswers } from '#runtime/training/fixtures/question-answers.ts'
import { learnHalf } from '../../../tests/drivers/learn-half.ts'
import { deploy } from '../deploy/node.ts'
import letThrough from '../deploy/run.ts'
import { evaluate } from '../evaluate/node.ts'
import { rankedRow, retrievalReport } from '../evaluate/retrieval-report.ts'
import examine from '../evaluate/run.ts'
import { fineTune } from './node.ts'
import run from './run.ts'

const rows = questionAnswers.map(
  ({ id, question, answer }): DatasetRow => ({ id, text: question, pair: answer, language: 'en' }),
)
const train = rows.filter(({ id }) => !id.endsWith('-4'))
const held = rows.filter(({ id }) => id.endsWith('-4'))
const outside: DatasetRow[] = ['b c d e', '1 2 3 4'].map((text, i) => ({ id: `out-${i}`, text, outOfScope: true }))
const config = fineTune.config.parse({
  learns: 'retrieval',
  encoder: 'bert',
  method: 'full',
  epochs: 20,
  learningRate: 3e-3,
  batchSize: 8,
  dropout: 0,
  patience: 20,
})

let half: Awaited<ReturnType<typeof learnHalf>>
let model: ModelRef
const write = (given: readonly DatasetRow[]) => half.ctx.datasets.write(given, [])
beforeAll(async () => {
  half = await learnHalf()
  await writeTinyEncoders(join(half.folder, 'models'))
  model = (await run.run({ config, inputs: { train: await write(train) }, ctx: half.ctx })).model
})
afterAll(() => half.dispose())

const examined = (given: readonly DatasetRow[], of: ModelRef = model) =>
  write(given).then((data) =>
    examine.run({ config: evaluate.config.parse({}), inputs: { model: of, test: data }, ctx: half.ctx }),
  )

test('an encoder learns which answer fits, and says on the way what it learns', async () => {
  expect(modelRef.parse(model)).toEqual(model)
  expect(model).toMatchObject({ kind: 'retrieval', encoder: 'bert', method: 'full', labels: [], pairs: true })
  const steps = half.progress.filter(({ phase }) => phase === 'training')
  expect(steps.at(-1)).toMatchObject({
    device: expect.any(String),
    validationAccuracy: expect.any(Number),
    keepable: true,
  })
  const shares = half.progress.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  const folder = await half.ctx.artifacts.open(model.artifact)
  expect((await readFile(join(folder, 'README.md'), 'utf8')).startsWith('# A Botloom model that finds answers')).toBe(
    true,
  )
})

test('questions that nobody learned find their answers, which the encoder as it is does not', async () => {
  const asItIs = fineTune.config.parse({ ...config, method: 'head' })
  const before = (await run.run({ config: asItIs, inputs: { train: await write(train) }, ctx: half.ctx })).model
  expect(before.method).toBe('head')
  const { report } = await examined([...held, ...outside])
  const { report: first } = await examined(held, before)
  expect(retrievalReportRef.parse(report)).toEqual(report)
  expect(report).toMatchObject({ kind: 'retrieval', rows: held.length, answers: 8 })
  expect((report as { recall1: number }).recall1).toBeGreaterThan((first as { recall1: number }).recall1)

  const folder = await half.ctx.artifacts.open(report.artifact)
  const full = retrievalReport.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
  const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => rankedRow.parse(JSON.parse(line)))
  expect(lines.map(({ id }) => id)).toEqual(held.map(({ id }) => id))
  expect(lines.filter(({ rank }) => rank === 1).length / lines.length).toBe(full.recall1)
  for (const line of lines.filter(({ rank }) => rank === 1)) expect(line.found).toBe(line.answer)
  expect(full.hardest).toHaveLength(lines.filter(({ rank }) => rank > 1).length)
  expect(full.languages).toMatchObject([{ language: 'en', rows: held.length, recall1: full.recall1 }])
  expect(full.model.heldOut!.recall1).toBeGreaterThan(full.model.heldOut!.before.recall1)
})

test('answers of the test that training never had are looked for too', async () => {
  const { report } = await examined([...held, { id: 'new', text: 'where is my b', pair: 'in the cellar' }])
  expect(report).toMatchObject({ rows: held.length + 1, answers: 9 })
})

test('only a model that finds enough is let through, and as what it is', async () => {
  const { report } = await examined(held)
  const start = (minAccuracy: number) =>
    letThrough.run({ config: deploy.config.parse({ minAccuracy }), inputs: { model, report }, ctx: half.ctx })
  const { classifier } = await start(0)
  expect(finderRef.parse(classifier)).toEqual(classifier)
  expect(classifier).toMatchObject({ artifact: model.artifact, kind: 'retrieval' })
  const weak = { ...report, recall1: 0.4 } as typeof report
  await expect(
    letThrough.run({
      config: deploy.config.parse({ minAccuracy: 70 }),
      inputs: { model, report: weak },
      ctx: half.ctx,
    }),
  ).rejects.toMatchObject({ code: 'finder-gate-not-passed', params: { recall: '40.0', required: 70 } })
})

test('training goes on from a model that finds answers, and automatic says why it chose', async () => {
  const more = fineTune.config.parse({ ...config, method: 'automatic', epochs: 1, encoder: 'botloom-zh-en' })
  const inputs = { train: await write(train), validation: await write(held), start: model }
  const { model: next } = await run.run({ config: more, inputs, ctx: half.ctx })
  expect(next.encoder).toBe('bert')
  const card = await readRetrieverCard(await half.ctx.artifacts.open(next.artifact))
  expect(card.training.continuedFrom).toMatchObject({ model: model.artifact })
  expect(card.training.chosen).toMatchObject({ why: 'few-rows', method: 'head' })
  expect(card.heldOut).toMatchObject({ from: 'validation', rows: held.length })
})

test('what cannot be learned is refused in words', async () => {
  const start = async (change: object, given: readonly DatasetRow[] = train) =>
    run.run({
      config: fineTune.config.parse({ ...config, ...change }),
      inputs: { train: await write(given) },
      ctx: half.ctx,
    })
  await expect(start({ method: 'setfit' })).rejects.toMatchObject({ code: 'method-for-labels' })
  await expect(
    start(
      {},
      train.map(({ pair: _, ...row }) => row),
    ),
  ).rejects.toMatchObject({ code: 'no-answers' })
  await expect(
    start(
      {},
      train.map((row) => ({ ...row, pair: 'yes' })),
    ),
  ).rejects.toMatchObject({ code: 'one-answer' })
  await expect(examined(outside)).rejects.toMatchObject({ code: 'no-test-answers' })
  const problems = fineTune.check!(fineTune.config.parse({ learns: 'retrieval', method: 'search' }), {
    languages: [],
    names: [],
  })
  expect(problems).toMatchObject([{ code: 'method-for-labels', severity: 'error', field: 'method' }])
})

test('a stop is heard while it learns and while it is examined', async () => {
  const data = await write(rows)
  const stop = new AbortController()
  const ctx = {
    ...half.ctx,
    signal: stop.signal,
    progress: ({ phase }: { phase: string }) => phase === 'training' && stop.abort(),
  }
  await expect(run.run({ config, inputs: { train: data }, ctx })).rejects.toThrow('aborted')
  const looked = examine.run({ config: evaluate.config.parse({}), inputs: { model, test: data }, ctx })
  await expect(looked).rejects.toThrow('aborted')
})
