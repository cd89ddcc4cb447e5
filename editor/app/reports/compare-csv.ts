import { useTranslation } from 'react-i18next'
import { valueText } from '#editor/canvas/words.ts'
import type { ComparisonView } from '#server/api/dto.ts'
import { blockNameOf, settingName } from './compare-config.tsx'
import { comparedFigures, configDifferences, labelChanges, letterOf } from './compare-runs.ts'
import { toCsv } from './to-csv.ts'

/** Everything that the page shows as one CSV: a line a figure, topic, setting or data block, a column a run. Shares are fractions. */
export function useCompareCsv(): (view: ComparisonView) => string {
  const { t } = useTranslation('compare')
  return (view) => {
    const [first, ...others] = view.runs
    const perRun = (part: string, of: string, what: string, values: (string | number | null)[]) => [
      part,
      of,
      what,
      ...values,
    ]
    const labels = others.map((run) => labelChanges(first?.report ?? null, run.report))
    const names = new Map(labels.flat().map((label) => [label.id, label.name]))
    const find = (id: string, index: number) => labels[index]?.find((label) => label.id === id)
    return toCsv([
      ['', '', '', ...view.runs.map((run, index) => `${letterOf(index)} ${run.startedAt}`)],
      ...comparedFigures(view.runs).map((figure) =>
        perRun(t('section.figures'), '', t(`reports:figure.${figure.key}`), figure.values),
      ),
      ['p', '', t('verdict.test'), null, ...view.beside.map((pair) => pair.p)],
      ...[...names].map(([id, name]) =>
        perRun(t('section.labels'), '', name, [
          find(id, 0)?.before ?? null,
          ...others.map((_, index) => find(id, index)?.after ?? null),
        ]),
      ),
      ...configDifferences(view.runs).map((difference) =>
        perRun(
          t('section.config'),
          blockNameOf(difference),
          settingName(difference),
          difference.values.map((value) =>
            value === undefined
              ? t('config.without')
              : (valueText(difference, difference.field ?? '', value) ?? JSON.stringify(value)),
          ),
        ),
      ),
      ...[...new Set(view.runs.flatMap((run) => run.data.map((data) => data.node)))].map((node) =>
        perRun(
          t('section.records'),
          node,
          '',
          view.runs.map((run) => run.data.find((data) => data.node === node)?.rows ?? null),
        ),
      ),
    ])
  }
}
