import type { DatasetRow, LabelRef } from '#kit'

/** Another number where a detector finds other things than before, so that what was found with the old one is looked for anew. */
export const doctorVersion = 1

/** What the doctor looks at: all rows of a set, in order, and its labels. */
export interface DoctorSet {
  rows: readonly DatasetRow[]
  labels: readonly LabelRef[]
}

/** In the order of harm: what comes first spoils a model, or gives a person away, before what comes later does. */
export const findingKinds = [
  'encoding',
  'personal-identity',
  'personal-card',
  'personal-phone',
  'personal-email',
  'personal-address',
  'personal-name',
  'conflicts',
  'label-variants',
  'doubtful-labels',
  'few-rows',
  'language',
  'copies',
  'near-copies',
  'too-short',
  'too-long',
  'boilerplate',
  'imbalance',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** What would mend a row. A label is an id; `keeper` is the row that stays instead, without which the row must stay. */
export type RowFix =
  | { do: 'remove'; keeper?: string }
  | { do: 'label'; label: string }
  | { do: 'text'; text?: string; pair?: string }

/** Places in a text, in UTF-16 units. */
export type Mark = readonly [start: number, end: number]

/** A row with a fault. */
export interface FoundCase {
  row: string
  /** Null where the row is shown for comparison, or a person must say what becomes of it. */
  fix: RowFix | null
  /** The offending parts of its text. */
  marks?: readonly Mark[]
  /** Rows of one number belong together: copies of one another, the same words under several labels. */
  group?: number
}

/** How a finding can be mended: as each case suggests, by taking its rows out, by giving them a label that a person picks. */
export type FixWay = 'suggested' | 'remove' | 'label'

export interface Finding {
  kind: FindingKind
  cases: FoundCase[]
  ways: readonly FixWay[]
}
