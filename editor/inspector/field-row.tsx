import { useTranslation } from 'react-i18next'
import { blockText } from '#editor/canvas/words.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import { defaultOf } from './fields.ts'
import { issueOf } from './issue-words.ts'
import type { FieldRowProps } from './widget.ts'
import { widgetOf } from './widgets/widgets.ts'

/** A field with its name, its help, what is wrong with it, and the way back to its default. */
export function FieldRow({ field, id, value, siblings, node, compact = false, problem, onChange }: FieldRowProps) {
  const { t } = useTranslation(['inspector', 'blocks'])
  const Control = widgetOf(field)
  if (!Control) return null
  // A choice whose options need words of their own has one sentence an option, and shows that of the chosen one.
  const help = compact ? '' : blockText(`${field.title}.${value}.help`) || blockText(`${field.title}.help`)
  const fallback = defaultOf(field)
  const touched = !compact && fallback !== undefined && canonicalJson(value ?? null) !== canonicalJson(fallback)
  const issue = value === undefined ? null : issueOf(field.schema, value)
  const helpId = help ? `${id}-help` : undefined
  const isSwitch = field.widget === 'switch'
  const inline = compact && field.widget !== 'local-text' && field.widget !== 'list' && field.widget !== 'condition'
  return (
    <div
      className={`bl-insp-field ${isSwitch ? 'bl-insp-field--switch' : ''} ${inline ? 'bl-insp-field--inline' : ''}`}
      data-field={field.name}
    >
      <div className="bl-insp-field__head">
        <label htmlFor={id}>{blockText(field.title) || field.name}</label>
        {touched && (
          <button type="button" className="bl-insp-reset" title={t('reset.help')} onClick={() => onChange(fallback)}>
            {t('reset')}
          </button>
        )}
        {isSwitch && (
          <Control
            field={field}
            value={value}
            onChange={onChange}
            id={id}
            describedBy={helpId}
            siblings={siblings}
            node={node}
            compact={compact}
            Row={FieldRow}
          />
        )}
      </div>
      {!isSwitch && (
        <Control
          field={field}
          value={value}
          onChange={onChange}
          id={id}
          describedBy={helpId}
          siblings={siblings}
          node={node}
          compact={compact}
          Row={FieldRow}
        />
      )}
      {(problem ?? issue) && (
        <p className={problem?.severity === 'warning' ? 'bl-insp-warning' : 'bl-insp-issue'} role="alert">
          {problem?.text ?? issue}
        </p>
      )}
      {help && (
        <p className="bl-insp-help" id={helpId}>
          {help}
        </p>
      )}
    </div>
  )
}
