import type { ReportRow } from '#server/api/dto.ts'

/** What can be done with rows of a report where they live: give them another label, keep them from the test, take them out. */
export type RowChange = { kind: 'label'; name: string } | { kind: 'foreign' } | { kind: 'learn' } | { kind: 'exclude' }

/** How a row stands now beside what the report tells of it; null where nothing was changed. */
export function standingOf({
  truth,
  truthName,
  home,
}: Pick<ReportRow, 'truth' | 'truthName' | 'home'>): RowChange | null {
  if (!home) return null
  const { now } = home
  if (now === null) return { kind: 'exclude' }
  if (now.outOfScope) return truth === '' ? null : { kind: 'foreign' }
  if (now.label !== truth) return { kind: 'label', name: now.labelName ?? truthName }
  return now.split === 'train' ? { kind: 'learn' } : null
}
