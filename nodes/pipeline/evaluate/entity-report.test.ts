import { expect, test } from 'vitest'
import type { Classification, DatasetRow, FoundEntity } from '#kit'
import { toEntityReport } from './entity-report.ts'

const text = '从北京😀飞 Paris'
const span = (part: string, type: string) => ({
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
  type,
})
const row = (id: string, entities?: DatasetRow['entities']): DatasetRow => ({ id, text, label: 'a', entities })
const answer = (entities?: FoundEntity[]): Classification => ({
  labels: [],
  outOfScope: 0,
  neighbours: [],
  ms: 0,
  ...(entities ? { entities } : {}),
})
const found = (part: string, type: string, confidence: number): FoundEntity => ({
  ...span(part, type),
  text: part,
  confidence,
})

test('whole entities are counted by kind, and rows with a miss are shown in their own characters', () => {
  const right = [found('北京', 'from', 0.9), found('Paris', 'to', 0.8)]
  const truth = [span('北京', 'from'), span('Paris', 'to')]
  const report = toEntityReport([
    { row: row('1', truth), answer: answer(right) },
    { row: row('2', truth), answer: answer([found('北京😀', 'from', 0.4), right[1]!]) },
    { row: row('3', []), answer: answer([]) },
    { row: row('4'), answer: answer(right) },
  ])!
  expect(report).toMatchObject({ rows: 3, precision: 3 / 4, recall: 3 / 4, support: 4, exact: 2 / 3 })
  expect(report.types).toMatchObject([
    { type: 'from', recall: 1 / 2, precision: 1 / 2, support: 2 },
    { type: 'to', recall: 1, precision: 1, support: 2 },
  ])
  expect(report.misses).toEqual([
    {
      row: '2',
      text,
      truth: [
        { ...span('北京', 'from'), text: '北京' },
        { ...span('Paris', 'to'), text: 'Paris' },
      ],
      found: [found('北京😀', 'from', 0.4), right[1]],
    },
  ])
})

test('nothing is claimed where the model learned no entities, or no row says where they are', () => {
  expect(toEntityReport([{ row: row('1', [span('北京', 'from')]), answer: answer() }])).toBeNull()
  expect(toEntityReport([{ row: row('1'), answer: answer([]) }])).toBeNull()
})
