import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetRow, type ModelRef, reportRef } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { learnHalf, shopRows } from '../../../tests/drivers/learn-half.ts'
import { fineTune } from '../fine-tune/node.ts'
import train from '../fine-tune/run.ts'
import { evaluate, toThreshold } from './node.ts'
import { evaluatedRow, evaluationReport } from './report.ts'
import run from './run.ts'

describeBlock(evaluate, import.meta.url)

let half: Awaited<ReturnType<typeof learnHalf>>
let shop: Awaited<ReturnType<typeof shopRows>>
let model: ModelRef
beforeAll(async () => {
  half = await learnHalf()
  shop = await shopRows(4, 24)
  const rows = await half.ctx.datasets.write(shop.train, shop.labels)
  model = (await train.run({ config: fineTune.config.parse({}), inputs: { train: rows }, ctx: half.ctx })).model
})
afterAll(() => half.dispose())

async function examine(rows: DatasetRow[], labels = shop.labels) {
  const test = await half.ctx.datasets.write(rows, labels)
  const { report } = await run.run({ config: evaluate.config.parse({}), inputs: { model, test }, ctx: half.ctx })
  const folder = await half.ctx.artifacts.open(report.artifact)
  const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8')).trim().split('\n')
  return {
    report: reportRef.parse(report),
    full: evaluationReport.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))),
    rows: lines.map((line) => evaluatedRow.parse(JSON.parse(line))),
  }
}

test('the report counts what the rows show', async () => {
  const { report, full, rows } = await examine([...shop.test, ...shop.outOfScope])
  const inScope = rows.filter((row) => row.truth !== '')
  const right = inScope.filter((row) => row.truth === row.predicted).length
  expect([inScope.length, rows.length - inScope.length]).toEqual([shop.test.length, shop.outOfScope.length])
  expect(report.accuracy).toBeCloseTo(right / inScope.length, 12)
  expect(report.accuracy).toBeGreaterThan(0.6)
  expect(report.auroc).toBeGreaterThan(0.6)
  expect(full.confusion.reduce((sum, cell) => sum + cell.count, 0)).toBe(inScope.length - right)
  for (const { truth, predicted, rows: ids } of full.confusion)
    for (const id of ids) expect(rows.find((row) => row.id === id)).toMatchObject({ truth, predicted, right: false })
  expect(full.labels.reduce((sum, label) => sum + label.support, 0)).toBe(inScope.length)
  expect(full.languages.map((slice) => slice.language).sort()).toEqual(['en', 'zh-CN'])
  expect(full.lengths.reduce((sum, slice) => sum + slice.rows, 0)).toBe(inScope.length)
  expect(full.lengths.reduce((sum, slice) => sum + slice.rows * slice.accuracy, 0)).toBeCloseTo(right, 9)
  for (const { guesses, predicted, predictedName, probability } of rows) {
    expect(guesses).toHaveLength(3)
    expect(guesses[0]).toEqual({ label: predicted, name: predictedName, probability })
    expect(guesses[1]!.probability).toBeGreaterThanOrEqual(guesses[2]!.probability)
  }
  expect(full.reliability.reduce((sum, bin) => sum + bin.rows, 0)).toBe(inScope.length)
  expect(rows.map((row) => row.id)).toEqual([...shop.test, ...shop.outOfScope].map((row) => row.id))
})

test('rows that were made from others are not examined', async () => {
  const made = shop.test.map((row) => ({ ...row, id: `${row.id}+`, origin: { row: row.id, way: 'swap' as const } }))
  const { rows } = await examine([...made, ...shop.test])
  expect(rows.map((row) => row.id)).toEqual(shop.test.map((row) => row.id))
  await expect(examine(made)).rejects.toMatchObject({ code: 'no-test-rows' })
})

test('the higher the bar the fewer answers, and shares always make a whole', async () => {
  const { full, rows } = await examine([...shop.test, ...shop.outOfScope])
  expect(full.thresholds).toHaveLength(51)
  for (const [i, { threshold, right, wrong, handedOn }] of full.thresholds.entries()) {
    expect(right + wrong + handedOn).toBeCloseTo(1, 12)
    const answered = rows.filter((row) => row.probability >= threshold && row.outOfScope <= 0.5)
    expect(right).toBeCloseTo(answered.filter((row) => row.right).length / rows.length, 12)
    if (i > 0) expect(handedOn).toBeGreaterThanOrEqual(full.thresholds[i - 1]!.handedOn)
  }
})

test('at each hundredth of the bar it is known what becomes of known and of foreign questions', async () => {
  const { full, rows } = await examine([...shop.test, ...shop.outOfScope])
  const { right, wrong, foreign } = full.answering!
  expect([right.length, wrong.length, foreign.length]).toEqual([101, 101, 101])
  for (const percent of [0, 37, 50, 90, 100]) {
    const answered = rows.filter((row) => row.probability >= percent / 100 && row.outOfScope <= 0.5)
    const known = answered.filter((row) => row.truth !== '')
    expect([right[percent], wrong[percent], foreign[percent]]).toEqual([
      known.filter((row) => row.right).length,
      known.filter((row) => !row.right).length,
      answered.length - known.length,
    ])
  }
  // The coarser curve, which mixes both kinds, tells the same story.
  const step = full.thresholds.find((one) => one.threshold === 0.5)!
  expect(step.wrong * rows.length).toBeCloseTo(wrong[50]! + foreign[50]!, 9)
})

test('a report from before that curve, lengths and guesses still opens', async () => {
  const { full, rows } = await examine(shop.test)
  const { answering, lengths, ...older } = full
  expect(answering).not.toBeNull()
  expect(lengths).not.toEqual([])
  expect(evaluationReport.parse(older)).toEqual({ ...older, answering: null, lengths: [] })
  const { guesses: _, ...row } = rows[0]!
  expect(evaluatedRow.parse(row)).toEqual({ ...row, guesses: [] })
})

test('a label that the model never learned counts as missed', async () => {
  const labels = [...shop.labels, { id: 'lbl_new', name: 'New' }]
  const { report, full } = await examine([{ id: 'n', text: 'something new', label: 'lbl_new' }, ...shop.test], labels)
  expect(report.rows).toBe(shop.test.length + 1)
  expect(full.labels.find((label) => label.id === 'lbl_new')).toMatchObject({ recall: 0, support: 1 })
})

test('a test without rows in scope is refused in words', async () => {
  await expect(examine(shop.outOfScope)).rejects.toMatchObject({ code: 'no-test-rows' })
})

test('a stop is heard', async () => {
  const test = await half.ctx.datasets.write(shop.test, shop.labels)
  const ctx = { ...half.ctx, signal: AbortSignal.abort() }
  await expect(run.run({ config: evaluate.config.parse({}), inputs: { model, test }, ctx })).rejects.toThrow('aborted')
})

test('the dearer a wrong answer, the surer the bot must be', () => {
  expect([1, 2, 4, 10].map(toThreshold)).toEqual([0, 0.5, 0.75, 0.9])
})
