import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { classifierRef, type DatasetRef, type ModelRef, type ReportRef, reportRef } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import type { Int8Trial } from '#runtime/language/card.ts'
import { learnHalf, shopRows } from '../../../tests/drivers/learn-half.ts'
import { evaluate } from '../evaluate/node.ts'
import examine from '../evaluate/run.ts'
import { fineTune } from '../fine-tune/node.ts'
import train from '../fine-tune/run.ts'
import { deploy } from './node.ts'
import { precisionFor } from './precision.ts'
import run from './run.ts'

describeBlock(deploy, import.meta.url)

let half: Awaited<ReturnType<typeof learnHalf>>
let model: ModelRef
let report: ReportRef
let rows: DatasetRef
beforeAll(async () => {
  half = await learnHalf()
  const shop = await shopRows(3, 16)
  rows = await half.ctx.datasets.write(shop.train, shop.labels)
  const test = await half.ctx.datasets.write(shop.test, shop.labels)
  const { ctx } = half
  model = (await train.run({ config: fineTune.config.parse({}), inputs: { train: rows }, ctx })).model
  report = reportRef.parse(
    (await examine.run({ config: evaluate.config.parse({}), inputs: { model, test }, ctx })).report,
  )
})
afterAll(() => half.dispose())

const start = (minAccuracy: number, inputs = { model, report }) =>
  run.run({ config: deploy.config.parse({ minAccuracy }), inputs, ctx: half.ctx })

test('a model that passes becomes the classifier, with the threshold of its report', async () => {
  const { classifier } = await start(0)
  expect(classifierRef.parse(classifier)).toEqual({
    artifact: model.artifact,
    labels: model.labels,
    threshold: report.threshold,
    accuracy: report.accuracy,
    precision: 'full',
  })
})

test('8-bit weights answer where validation rows lose no more than is allowed and they are faster, else the full ones', async () => {
  const trial = { rows: 200, fullAccuracy: 0.9, accuracy: 0.895, speedup: 1.5, processor: 'a processor' }
  const chosen = (config: object, int8?: Int8Trial) => precisionFor(deploy.config.parse(config), int8)
  expect(chosen({}, trial)).toBe('int8')
  expect(chosen({}, { ...trial, accuracy: 0.89 })).toBe('full')
  expect(chosen({ int8Loss: 1 }, { ...trial, accuracy: 0.89 })).toBe('int8')
  expect(chosen({}, { ...trial, speedup: 0.9 })).toBe('full')
  expect(chosen({ int8: 'off' }, trial)).toBe('full')
  expect(chosen({}, { ...trial, entities: { fullF1: 0.8, f1: 0.796 } })).toBe('int8')
  expect(chosen({}, { ...trial, entities: { fullF1: 0.8, f1: 0.79 } })).toBe('full')
  expect(chosen({})).toBe('full')
})

test('a model below the bar is held back, with both figures', async () => {
  const weak = { ...report, accuracy: 0.694 }
  await expect(start(70, { model, report: weak })).rejects.toMatchObject({
    code: 'gate-not-passed',
    params: { accuracy: '69.4', required: 70 },
  })
})

test("another model's report opens no door", async () => {
  const config = fineTune.config.parse({ seed: 2 })
  const other = (await train.run({ config, inputs: { train: rows }, ctx: half.ctx })).model
  await expect(start(0, { model: other, report })).rejects.toMatchObject({ code: 'report-of-other-model' })
})

test('a stop is heard', async () => {
  const ctx = { ...half.ctx, signal: AbortSignal.abort() }
  await expect(run.run({ config: deploy.config.parse({}), inputs: { model, report }, ctx })).rejects.toThrow('aborted')
})

test('a damaged model is found before it is let through', async () => {
  await appendFile(join(await half.ctx.artifacts.open(model.artifact), 'model.onnx'), 'x')
  await expect(start(0)).rejects.toMatchObject({ code: 'model-unreadable' })
})
