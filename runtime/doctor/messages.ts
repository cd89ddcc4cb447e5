import type { DatasetRow, LabelRef } from '#kit'
import type { FindingKind, FixWay } from './finding.ts'

/** Rows come in parts; the labels end them. */
export type ToDoctor = { rows: readonly DatasetRow[] } | { labels: readonly LabelRef[] }

/** A finding with its cases as JSON, so that whoever stores it need not write them again. */
export interface WrittenFinding {
  kind: FindingKind
  ways: readonly FixWay[]
  rows: number
  cases: string
}
export type FromDoctor = { share: number } | { finding: WrittenFinding } | { done: true }
