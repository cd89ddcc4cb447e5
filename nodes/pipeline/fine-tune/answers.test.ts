import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetRow, type ModelRef, modelRef } from '#kit'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { readAnswersCard } from '#runtime/language/read-card.ts'
import { createGenerator } from '#runtime/serving/generator.ts'
import { answerPairs, learnedByHeart } from '#runtime/training/fixtures/answer-pairs.ts'
import { learnHalf } from '../../../tests/drivers/learn-half.ts'
import { deploy } from '../deploy/node.ts'
import letThrough from '../deploy/run.ts'
import { answersReport, writtenAnswer } from '../evaluate/answers-report.ts'
import { evaluate } from '../evaluate/node.ts'
import examine from '../evaluate/run.ts'
import { fineTune } from './node.ts'
import run from './run.ts'

const rows = answerPairs.map(({ id, question, answer }): DatasetRow => ({ id, text: question, pair: answer }))
const config = fineTune.config.parse({ ...learnedByHeart, encoder: 'tiny-gpt2' })

let half: Awaited<ReturnType<typeof learnHalf>>
let model: ModelRef
const write = (given: readonly DatasetRow[]) => half.ctx.datasets.write(given, [])
beforeAll(async () => {
  half = await learnHalf()
  await writeTinyDecoder(join(half.folder, 'models/tiny-gpt2'))
  const data = await write(rows)
  model = (await run.run({ config, inputs: { train: data, validation: data }, ctx: half.ctx })).model
})
afterAll(() => half.dispose())

test('a decoder that was taught thirty answers writes them word for word, and says on the way what it learns', async () => {
  expect(modelRef.parse(model)).toEqual(model)
  expect(model).toMatchObject({ kind: 'answers', encoder: 'tiny-gpt2', labels: [] })
  const generator = await createGenerator(await half.ctx.artifacts.open(model.artifact))
  for (const { question, answer } of answerPairs) {
    const said = await generator.answer(question, { temperature: 0, topP: 1, maxTokens: 40, seed: 1 })
    expect(said).toMatchObject({ text: answer, ended: true })
  }
  await generator.dispose()
  const steps = half.progress.filter(({ phase }) => phase === 'training')
  expect(steps.at(-1)).toMatchObject({ device: expect.any(String), validationLoss: expect.any(Number), keepable: true })
  expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss!)
})

test('the report holds what was written beside what was given, and only that model passes the gate by it', async () => {
  const test = await write(rows.slice(0, 12))
  const { report } = await examine.run({
    config: evaluate.config.parse({}),
    inputs: { model, test },
    ctx: half.ctx,
  })
  expect(report).toMatchObject({ kind: 'answers', rows: 12, chrF: 1, tokenAccuracy: 1 })
  const folder = await half.ctx.artifacts.open(report.artifact)
  const full = answersReport.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
  expect(full.perplexity).toBeCloseTo(Math.exp(full.loss), 9)
  expect(full.written).toEqual({ rows: 12, chrF: 1, exact: 1 })
  const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.map((line) => writtenAnswer.parse(JSON.parse(line)))).toEqual(full.examples)

  const start = (maxPerplexity: number | null) =>
    letThrough.run({ config: deploy.config.parse({ maxPerplexity }), inputs: { model, report }, ctx: half.ctx })
  const { classifier } = await start(null)
  expect(classifier).toEqual({ artifact: model.artifact, kind: 'answers', perplexity: full.perplexity })
  await expect(start(1)).rejects.toMatchObject({ code: 'answers-gate-not-passed', params: { required: 1 } })
})

test('training goes on from a model that writes, and the card names it', async () => {
  const train = await write(rows.slice(0, 12))
  const more = { ...config, epochs: 1, encoder: 'botloom-zh-en' }
  const { model: next } = await run.run({ config: more, inputs: { train, start: model }, ctx: half.ctx })
  expect(next.encoder).toBe('tiny-gpt2')
  const card = await readAnswersCard(await half.ctx.artifacts.open(next.artifact))
  expect(card.training.continuedFrom).toMatchObject({ model: model.artifact })
})

test('what cannot be taught is refused in words: an encoder to write, a decoder to sort, rows without answers', async () => {
  const train = await write(rows)
  const start = (change: object, inputs: Partial<Parameters<typeof run.run>[0]['inputs']> = {}) =>
    run.run({ config: fineTune.config.parse({ ...config, ...change }), inputs: { train, ...inputs }, ctx: half.ctx })
  await expect(start({ encoder: 'botloom-zh-en' })).rejects.toMatchObject({
    code: 'decoder-is-encoder',
    params: { decoder: 'botloom-zh-en', kind: 'bert' },
  })
  const sorted = [...rows.slice(0, 8), ...rows.slice(20, 28)].map((row, i) => ({ ...row, label: i < 8 ? 'a' : 'b' }))
  const labels = ['a', 'b'].map((id) => ({ id, name: id }))
  const labelled = { train: await half.ctx.datasets.write(sorted, labels) }
  await expect(start({ learns: 'labels' }, labelled)).rejects.toMatchObject({ code: 'encoder-generative' })
  await expect(start({ learns: 'labels' }, { ...labelled, start: model })).rejects.toMatchObject({
    code: 'model-writes-answers',
  })
  const silent = await write(rows.map(({ pair: _, ...row }) => row))
  await expect(start({}, { train: silent })).rejects.toMatchObject({ code: 'no-answers' })
  await expect(start({}, { train: await write(rows.slice(0, 9)) })).rejects.toMatchObject({ code: 'too-few-answers' })
  await expect(
    examine.run({ config: evaluate.config.parse({}), inputs: { model, test: silent }, ctx: half.ctx }),
  ).rejects.toMatchObject({ code: 'no-test-answers' })
})

test('the form shows what means something for answers, and warns of the model that cannot write', () => {
  const problems = (change: object) =>
    fineTune.check!(fineTune.config.parse(change), { languages: [], names: [] }).map(({ code }) => code)
  expect(problems({ learns: 'answers' })).toEqual(['built-in-reads'])
  expect(problems({ learns: 'answers', encoder: 'tiny-gpt2', method: 'full', rDrop: 1, dropout: 0 })).toEqual([])
})

test('a stop is heard while it learns and while it is examined', async () => {
  const train = await write(rows)
  const stop = new AbortController()
  const ctx = {
    ...half.ctx,
    signal: stop.signal,
    progress: ({ phase }: { phase: string }) => phase === 'training' && stop.abort(),
  }
  await expect(run.run({ config, inputs: { train }, ctx })).rejects.toThrow('aborted')
  const examined = examine.run({ config: evaluate.config.parse({}), inputs: { model, test: train }, ctx })
  await expect(examined).rejects.toThrow('aborted')
})
