import { expect, test } from 'vitest'
import { type ComparedRow, toReportChange } from './report-change.ts'

const row = (id: string, truth: string, right: boolean, text = id): ComparedRow => ({
  id,
  text,
  truth,
  truthName: truth.toUpperCase(),
  right,
})
const label = (id: string) => ({ id, name: id.toUpperCase(), support: 1 })

test('only questions that both tests asked are compared, and only as they stood in both', () => {
  const change = toReportChange(
    {
      labels: [label('a'), label('b'), label('old')],
      rows: [
        row('1', 'a', false),
        row('2', 'a', false),
        row('3', 'a', true),
        row('4', 'b', true),
        row('5', 'b', true),
        row('edited', 'a', false),
        row('moved', 'a', false),
        row('only before', 'old', true),
        row('foreign', '', false),
      ],
    },
    {
      labels: [label('a'), label('b'), label('new')],
      rows: [
        row('1', 'a', true),
        row('2', 'a', true),
        row('3', 'a', true),
        row('4', 'b', false),
        row('5', 'b', true),
        row('edited', 'a', true, 'in other words'),
        row('moved', 'b', true),
        row('only now', 'new', true),
        row('foreign', '', false),
      ],
    },
  )
  expect(change.shared).toEqual({ rows: 5, better: 2, worse: 1 })
  expect(change.labels).toEqual({
    better: [{ id: 'a', name: 'A', rows: 3, before: 1, now: 3 }],
    worse: [],
    added: [{ id: 'new', name: 'NEW' }],
    gone: [{ id: 'old', name: 'OLD' }],
  })
})
