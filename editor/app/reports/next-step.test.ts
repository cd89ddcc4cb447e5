import { expect, test } from 'vitest'
import { nextStep } from './next-step.ts'

const label = (id: string, recall: number, support: number) => ({
  id,
  name: id,
  precision: 1,
  f1: recall,
  recall,
  support,
})
const mixed = (truth: string, predicted: string, count: number) => ({ truth, predicted, count })
const set = (rows: Record<string, number>) => ({
  id: 'set_1',
  labels: Object.entries(rows).map(([id, count]) => ({ id, name: id, rows: count, trained: true })),
})
const good = { rows: 400, labels: [label('a', 1, 200), label('b', 1, 200)], confusion: [] }

test('what was changed is taken up before anything else is advised', () => {
  expect(nextStep({ ...good, confusion: [mixed('a', 'b', 40)] }, 2, [])).toEqual({ kind: 'run', rows: 2 })
})

test('a pair that makes many of the mistakes is looked through, a rare one is not', () => {
  const many = { ...good, confusion: [mixed('a', 'b', 3), mixed('b', 'a', 2), mixed('a', 'c', 1)] }
  expect(nextStep(many, 0, [])).toEqual({ kind: 'pair', a: 'a', b: 'b', count: 5, mistakes: 6 })
  const rare = Array.from({ length: 40 }, (_, i) => mixed(`a${i}`, `b${i}`, 1))
  expect(nextStep({ ...good, confusion: rare }, 0, [])).toEqual({ kind: 'hardest', mistakes: 40 })
})

test('a weak topic with few questions gets more of them, one with many does not', () => {
  const report = { ...good, labels: [label('a', 0.5, 10)], confusion: [mixed('a', 'b', 2), mixed('a', 'c', 3)] }
  expect(nextStep(report, 0, [set({ a: 12 })])).toMatchObject({
    kind: 'label',
    name: 'a',
    missed: 5,
    tested: 10,
    rows: 12,
  })
  expect(nextStep(report, 0, [set({ a: 500 })])).toMatchObject({ kind: 'pair', a: 'a', b: 'c' })
})

test('a test that is too small is told so, and a faultless one leads to publishing', () => {
  expect(nextStep({ ...good, rows: 40 }, 0, [])).toEqual({ kind: 'test', rows: 40 })
  expect(nextStep(good, 0, [])).toEqual({ kind: 'publish' })
})
