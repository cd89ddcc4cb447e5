import type {
  LabelQueue,
  LabelStepView,
  LabelsView,
  QueueKind,
  RevisionView,
  RowMoment,
  RowsChange,
  SimilarRows,
  StatesDifference,
  SuggestionsAnswer,
} from '#server/api/dto.ts'
import { path, send } from '../../api.ts'

interface Page {
  offset: number
  limit: number
}

/** Labels as things of their own, the work of giving them, and what became of rows. */
export const labellingApi = {
  labels: (set: string): Promise<LabelsView> => send('GET', path`/api/sets/${set}/labels`),
  rename: (set: string, label: string, name: string): Promise<LabelStepView> =>
    send('PATCH', path`/api/sets/${set}/labels/${label}`, { json: { name } }),
  merge: (set: string, into: string, labels: string[]): Promise<LabelStepView> =>
    send('POST', path`/api/sets/${set}/labels/${into}/merge`, { json: { labels } }),
  split: (set: string, label: string, name: string, rows: string[]): Promise<LabelStepView> =>
    send('POST', path`/api/sets/${set}/labels/${label}/split`, { json: { name, rows } }),
  undoStep: (set: string, step: string): Promise<RowsChange> =>
    send('POST', path`/api/sets/${set}/label-steps/${step}/undo`),
  putGuide: (
    set: string,
    label: string,
    guide: { belongs: string; not: string; examples: string[] },
  ): Promise<LabelsView> => send('PUT', path`/api/sets/${set}/labels/${label}/guide`, { json: guide }),
  queue: (set: string, kind: QueueKind, page: Page): Promise<LabelQueue> =>
    send('GET', path`/api/sets/${set}/queue`, { query: { kind, ...page } }),
  suggest: (set: string, rows: string[]): Promise<SuggestionsAnswer> =>
    send('POST', path`/api/sets/${set}/suggestions`, { json: { rows } }),
  similar: (set: string, rows: string[]): Promise<SimilarRows> =>
    send('POST', path`/api/sets/${set}/similar`, { json: { rows } }),
  states: (set: string, page: Page): Promise<{ total: number; states: RevisionView[] }> =>
    send('GET', path`/api/sets/${set}/states`, { query: { ...page } }),
  difference: (set: string, from: number, to: number, page: Page): Promise<StatesDifference> =>
    send('GET', path`/api/sets/${set}/difference`, { query: { from, to, ...page } }),
  undo: (set: string, revision: number): Promise<RowsChange> =>
    send('POST', path`/api/sets/${set}/states/${String(revision)}/undo`),
  restore: (set: string, revision: number): Promise<RowsChange> =>
    send('POST', path`/api/sets/${set}/states/${String(revision)}/restore`),
  rowHistory: (set: string, row: string): Promise<RowMoment[]> =>
    send('GET', path`/api/sets/${set}/rows/${row}/history`),
  mark: (set: string, rows: string[], marked: boolean): Promise<{ marked: number }> =>
    send('POST', path`/api/sets/${set}/rows/mark`, { json: { rows, marked } }),
}
