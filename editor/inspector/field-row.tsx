import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { blockText } from '#editor/canvas/words.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import { defaultOf } from './fields.ts'
import { issueOf } from './issue-words.ts'
import type { FieldProblem, FieldRowProps } from './widget.ts'
import { widgetOf } from './widgets/widgets.ts'

/** Widgets that need the whole width also in a line of a list. */
const wide = new Set(['local-text', 'textarea', 'list', 'condition', 'expression'])

const noProblems: readonly FieldProblem[] = []

/** A field with its name, why it is asked, what is wrong with it, and the way back to its default. */
export function FieldRow({
  field,
  id,
  value,
  siblings,
  node,
  compact = false,
  problems = noProblems,
  onChange,
}: FieldRowProps) {
  const { t } = useTranslation(['inspector', 'blocks'])
  const [scaleShown, showScale] = useState(false)
  const Control = widgetOf(field)
  if (!Control) return null
  const title = blockText(field.title) || field.name
  // A choice whose options need words of their own has one sentence an option, and shows that of the chosen one.
  const help = blockText(`${field.title}.${value}.help`) || blockText(`${field.title}.help`)
  const larger = compact ? '' : blockText(`${field.title}.larger`)
  const fallback = defaultOf(field)
  const touched = !compact && fallback !== undefined && canonicalJson(value ?? null) !== canonicalJson(fallback)
  const issue = value === undefined ? null : issueOf(field.schema, value)
  // A list shows what is wrong with its items where they are.
  const own = field.widget === 'list' ? problems.filter(({ at }) => at === '') : problems
  const problem = own.find(({ severity }) => severity === 'error') ?? own[0]
  const wrong = problem?.text ?? issue
  const described = [wrong && `${id}-wrong`, help && `${id}-help`].filter(Boolean).join(' ') || undefined
  const isSwitch = field.widget === 'switch'
  const control = (
    <Control
      field={field}
      value={value}
      onChange={onChange}
      id={id}
      describedBy={described}
      siblings={siblings}
      node={node}
      compact={compact}
      problems={problems}
      Row={FieldRow}
    />
  )
  return (
    <div
      className={`bl-insp-field ${isSwitch ? 'bl-insp-field--switch' : ''} ${compact && !wide.has(field.widget) ? 'bl-insp-field--inline' : ''}`}
      data-field={field.name}
    >
      <div className="bl-insp-field__head">
        <label htmlFor={id} title={compact ? help : undefined}>
          {title}
        </label>
        {touched && (
          <button type="button" className="bl-insp-reset" title={t('reset.help')} onClick={() => onChange(fallback)}>
            {t('reset')}
          </button>
        )}
        {larger && (
          <button
            type="button"
            className="bl-insp-why"
            aria-expanded={scaleShown}
            aria-controls={`${id}-scale`}
            aria-label={t('scale', { field: title })}
            title={t('scale', { field: title })}
            onClick={() => showScale(!scaleShown)}
          >
            <Icon name="scale" size={14} />
          </button>
        )}
        {isSwitch && control}
      </div>
      {!isSwitch && control}
      {wrong && (
        <p
          className={problem?.severity === 'warning' ? 'bl-insp-warning' : 'bl-insp-issue'}
          id={`${id}-wrong`}
          role="alert"
        >
          {wrong}
        </p>
      )}
      {help && (
        <p className={compact ? 'bl-sr-only' : 'bl-insp-help'} id={`${id}-help`}>
          {help}
        </p>
      )}
      {larger && scaleShown && (
        <dl className="bl-insp-scale" id={`${id}-scale`}>
          <dt>{t('scale.larger')}</dt>
          <dd>{larger}</dd>
          <dt>{t('scale.smaller')}</dt>
          <dd>{blockText(`${field.title}.smaller`)}</dd>
        </dl>
      )}
    </div>
  )
}
