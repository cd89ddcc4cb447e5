import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { AnyReportView, ComparedRun } from '#server/api/dto.ts'

/** What a run is called on the page: A, B, C ... */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index)
}

export interface ComparedFigure {
  key: string
  /** How it is written. */
  form: 'share' | 'number' | 'seconds'
  /** Whether more is better; null where it is neither. */
  better: 'more' | 'less' | null
  /** One a run; null where it has none. */
  values: (number | null)[]
}

type Read = (report: AnyReportView) => number | null | undefined

const labels =
  (read: (report: Exclude<AnyReportView, { kind: string }>) => number | null): Read =>
  (report) =>
    'kind' in report ? null : read(report)

const figures: [key: string, form: ComparedFigure['form'], better: ComparedFigure['better'], read: Read][] = [
  ['accuracy', 'share', 'more', labels((report) => report.accuracy)],
  ['macroF1', 'share', 'more', labels((report) => report.macroF1)],
  ['microF1', 'share', 'more', labels((report) => report.microF1)],
  ['auroc', 'share', 'more', labels((report) => report.auroc)],
  ['ece', 'share', 'less', labels((report) => report.ece)],
  ['recall1', 'share', 'more', (report) => ('kind' in report && report.kind === 'retrieval' ? report.recall1 : null)],
  ['recall5', 'share', 'more', (report) => ('kind' in report && report.kind === 'retrieval' ? report.recall5 : null)],
  ['chrF', 'share', 'more', (report) => ('kind' in report && report.kind === 'answers' ? report.written.chrF : null)],
  [
    'perplexity',
    'number',
    'less',
    (report) => ('kind' in report && report.kind === 'answers' ? report.perplexity : null),
  ],
  ['rows', 'number', null, (report) => report.rows],
  ['train-rows', 'number', null, (report) => report.model.trainRows],
  ['train-time', 'seconds', null, (report) => report.model.trainSeconds],
]

/** The figures that at least one of the runs has. */
export function comparedFigures(runs: readonly Pick<ComparedRun, 'report'>[]): ComparedFigure[] {
  return figures
    .map(([key, form, better, read]) => ({
      key,
      form,
      better,
      values: runs.map(({ report }) => (report ? (read(report) ?? null) : null)),
    }))
    .filter(({ values }) => values.some((value) => value !== null))
}

export interface LabelChange {
  id: string
  name: string
  /** Shares of its test questions that were understood; null where a run had none of it. */
  before: number | null
  after: number | null
  /** `after - before`; null where one is missing. */
  change: number | null
}

/** How each label fares in the second report beside the first, largest loss first, then what only one of them has. */
export function labelChanges(first: AnyReportView | null, second: AnyReportView | null): LabelChange[] {
  if (!first || !second || 'kind' in first || 'kind' in second) return []
  const recall = (report: typeof first) =>
    new Map(report.labels.filter(({ support }) => support > 0).map((label) => [label.id, label]))
  const [before, after] = [recall(first), recall(second)]
  const changes = [...new Set([...before.keys(), ...after.keys()])].map((id): LabelChange => {
    const [a, b] = [before.get(id), after.get(id)]
    return {
      id,
      name: (b ?? a)!.name,
      before: a?.recall ?? null,
      after: b?.recall ?? null,
      change: a && b ? b.recall - a.recall : null,
    }
  })
  return changes.sort(
    (a, b) =>
      (a.change ?? Number.POSITIVE_INFINITY) - (b.change ?? Number.POSITIVE_INFINITY) || (a.name < b.name ? -1 : 1),
  )
}

export interface ConfigDifference {
  node: string
  type: string
  name: string | null
  /** Null: the whole block is not in every run. */
  field: string | null
  /** One a run; undefined where the run has no such block. */
  values: unknown[]
}

/** The settings that are not the same in all runs, block by block; a block that some runs lack is one line. */
export function configDifferences(runs: readonly Pick<ComparedRun, 'blocks'>[]): ConfigDifference[] {
  const found: ConfigDifference[] = []
  const nodes = new Map(runs.flatMap(({ blocks }) => blocks.map((block) => [block.node, block] as const)))
  for (const [node, { type, name }] of nodes) {
    const configs = runs.map(({ blocks }) => blocks.find((block) => block.node === node)?.config)
    if (configs.some((config) => config === undefined)) {
      found.push({ node, type, name, field: null, values: configs.map((config) => (config ? true : undefined)) })
      continue
    }
    const fields = new Set(configs.flatMap((config) => Object.keys(config ?? {})))
    for (const field of [...fields].sort()) {
      const values = configs.map((config) => config?.[field] ?? null)
      if (new Set(values.map(canonicalJson)).size > 1) found.push({ node, type, name, field, values })
    }
  }
  return found
}
