import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { blockText } from '#editor/canvas/words.ts'
import { holdsExpression } from '#runtime/conditions/expression/evaluate-expression.ts'
import { parseExpression } from '#runtime/conditions/expression/parse-expression.ts'
import { useParameterNames, useVariableNames } from '../names.ts'
import type { WidgetProps } from '../widget.ts'

/** The editor is large; whoever offers an expression has it loaded before one is asked for. */
export const loadExpressionEditor = async () => ({
  default: (await import('./expression-editor.tsx')).ExpressionEditor,
})
const ExpressionEditor = lazy(loadExpressionEditor)

/** An expression with completion; the wrong piece is marked at each key, and it can be tried with values. The block says why. */
export function ExpressionWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation(['inspector', 'blocks'])
  const variables = useVariableNames()
  const parameters = useParameterNames()
  // Whoever is already in the field that holds its place goes on in the editor.
  const held = useRef(false)
  const source = typeof value === 'string' ? value : ''
  const parsed = parseExpression(source)
  const problem = parsed.ok || source === '' ? null : parsed.problem
  return (
    <div className="bl-expression">
      <Suspense
        fallback={
          <textarea
            className="bl-input bl-insp-area bl-insp-mono"
            readOnly
            aria-busy
            value={source}
            id={id}
            rows={3}
            onFocus={() => {
              held.current = true
            }}
            onBlur={() => {
              held.current = false
            }}
          />
        }
      >
        <ExpressionEditor
          id={id}
          label={blockText(field.title)}
          describedBy={describedBy}
          value={source}
          problem={problem}
          names={[
            ...variables.map(({ name, type }) => ({ name, detail: type ? t(`variable.type.${type}`) : '' })),
            ...parameters.map((name) => ({ name, detail: t('expression.parameter') })),
          ]}
          longest={field.maxLength ?? undefined}
          held={held}
          onChange={onChange}
        />
      </Suspense>
      {parsed.ok && <TryOut source={source} names={parsed.names} id={id} />}
    </div>
  )
}

/** What the expression says for values that somebody makes up. */
function TryOut({ source, names, id }: { source: string; names: readonly string[]; id: string }) {
  const { t } = useTranslation('inspector')
  const [values, setValues] = useState<Record<string, string>>({})
  const holds = holdsExpression(source, {
    variables: values,
    now: new Date().toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  return (
    <details className="bl-expression__try">
      <summary>{t('expression.try')}</summary>
      {names.map((name) => (
        <label key={name} htmlFor={`${id}-try-${name}`}>
          <span>{name}</span>
          <input
            id={`${id}-try-${name}`}
            className="bl-input bl-insp-input"
            placeholder={t('expression.unset')}
            value={values[name] ?? ''}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
          />
        </label>
      ))}
      <p className={holds ? 'bl-insp-fits' : 'bl-insp-note'} role="status">
        <Icon name={holds ? 'check' : 'close'} size={14} />
        {t(holds ? 'expression.holds' : 'expression.holds-not')}
      </p>
    </details>
  )
}
