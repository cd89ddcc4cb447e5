import { expect, test } from 'vitest'
import type { ReportView } from '#server/api/dto.ts'
import { comparedFigures, configDifferences, labelChanges, letterOf } from './compare-runs.ts'

const label = (id: string, recall: number, support = 10) => ({
  id,
  name: id.slice(4),
  recall,
  support,
  precision: 1,
  f1: 1,
})
const report = (accuracy: number, labels: ReportView['labels']): ReportView =>
  ({
    accuracy,
    macroF1: accuracy,
    microF1: null,
    auroc: null,
    ece: 0.02,
    rows: 30,
    labels,
    model: { trainRows: 100, trainSeconds: 4 },
  }) as unknown as ReportView

test('figures stand side by side, those that no run has left out', () => {
  const runs = [{ report: report(0.8, []) }, { report: null }, { report: report(0.9, []) }]
  const found = comparedFigures(runs)
  expect(found.find(({ key }) => key === 'accuracy')).toEqual({
    key: 'accuracy',
    form: 'share',
    better: 'more',
    values: [0.8, null, 0.9],
  })
  expect(found.map(({ key }) => key)).toEqual(['accuracy', 'macroF1', 'ece', 'rows', 'train-rows', 'train-time'])
})

test('labels are ordered from the largest loss to the largest gain, and those that only one run has come last', () => {
  const first = report(0.8, [label('lbl_a', 0.9), label('lbl_b', 0.5), label('lbl_c', 0.7), label('lbl_d', 0, 0)])
  const second = report(0.9, [label('lbl_a', 0.6), label('lbl_b', 0.8), label('lbl_c', 0.7), label('lbl_new', 1)])
  expect(labelChanges(first, second).map(({ name, change }) => [name, change && Math.round(change * 10) / 10])).toEqual(
    [
      ['a', -0.3],
      ['c', 0],
      ['b', 0.3],
      ['new', null],
    ],
  )
  expect(labelChanges(first, null)).toEqual([])
})

test('only settings that differ are named, and a block that one run lacks is one line', () => {
  const learn = (epochs: number, tags: string[]) => ({
    node: 'learn',
    type: 'fine-tune',
    name: null,
    config: { epochs, tags, seed: 1 },
  })
  const clean = { node: 'clean', type: 'preprocess', name: 'Clean', config: { a: 1 } }
  const runs = [{ blocks: [learn(3, ['x'])] }, { blocks: [learn(5, ['x']), clean] }]
  expect(configDifferences(runs)).toEqual([
    { node: 'learn', type: 'fine-tune', name: null, field: 'epochs', values: [3, 5] },
    { node: 'clean', type: 'preprocess', name: 'Clean', field: null, values: [undefined, true] },
  ])
  expect(configDifferences([{ blocks: [learn(3, ['x'])] }, { blocks: [learn(3, ['x'])] }])).toEqual([])
})

test('runs are called A, B, C and D', () => {
  expect([0, 1, 2, 3].map(letterOf)).toEqual(['A', 'B', 'C', 'D'])
})
