import { useTranslation } from 'react-i18next'
import { graphNow } from '#editor/document/graph-now.ts'
import { useDraft } from '#editor/document/store.ts'
import type { WidgetProps } from '../widget.ts'

/** One of the labels that reach the block. */
export function LabelWidget({ value, onChange, id, describedBy, node }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const text = useDraft((state) =>
    JSON.stringify(
      graphNow(state.document, state.facts)
        .factsOf(node)
        .labels.map((label) => [label.id, label.name]),
    ),
  )
  const labels: [string, string][] = JSON.parse(text)
  const now = typeof value === 'string' ? value : ''
  return (
    <select
      id={id}
      className="bl-select bl-insp-input"
      aria-describedby={describedBy}
      value={now}
      onChange={(event) => onChange(event.target.value)}
    >
      {!labels.some(([label]) => label === now) && <option value={now}>{t('label.pick')}</option>}
      {labels.map(([label, name]) => (
        <option key={label} value={label}>
          {name}
        </option>
      ))}
    </select>
  )
}
