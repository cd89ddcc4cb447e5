import { expect, test } from 'vitest'
import type { ReportView } from '#server/api/dto.ts'
import { entitiesOf, findingsOf } from './entity-findings.ts'

test('a row tells what was missed and what was found in vain, in the order of its text', () => {
  const part = (start: number, text: string, type: string) => ({ start, end: start + text.length, text, type })
  const row = {
    row: 'r',
    text: 'play let it be by abba',
    truth: [part(5, 'let it be', 'song'), part(18, 'abba', 'singer')],
    found: [
      { ...part(5, 'let it', 'song'), confidence: 0.6 },
      { ...part(18, 'abba', 'singer'), confidence: 0.9 },
    ],
  }
  expect(findingsOf(row)).toEqual([
    { kind: 'missed', type: 'song', text: 'let it be', start: 5, confidence: null },
    { kind: 'vain', type: 'song', text: 'let it', start: 5, confidence: 0.6 },
  ])
})

test('a report that is older than entities says nothing of them', () => {
  const old: Partial<ReportView> = { rows: 3, accuracy: 1 }
  expect(entitiesOf(old as ReportView)).toBeNull()
})
