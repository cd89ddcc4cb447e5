import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { blockText } from '#editor/canvas/words.ts'
import { newId } from '#editor/document/ids.ts'
import { type Operator, operators, operatorsFor, type ValueType } from '#runtime/conditions/operators.ts'
import type { Field } from '../fields.ts'
import { useVariableNames } from '../names.ts'
import type { WidgetProps } from '../widget.ts'
import { PatternWidget } from './pattern-widget.tsx'
import { TagsWidget } from './tags-widget.tsx'
import { VariableWidget } from './variable-widget.tsx'

type Rule = { id: string; variable: string; operator: Operator; value: unknown }

/** Rules of a branch: a variable, how it is compared, and with what. Offers only comparisons that fit the variable's type. */
export function ConditionWidget({ field, value, onChange, id, node, Row }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const names = useVariableNames()
  const rules = (Array.isArray(value) ? value : []) as Rule[]
  const { item } = field
  if (!item) return null
  const part = (name: string) => item.fields.find((inner) => inner.name === name)
  const [variable, operator, operand] = [part('variable'), part('operator'), part('value')]
  if (!variable || !operator || !operand) return null
  const replace = (at: number, change: Partial<Rule>) =>
    rules.map((rule, index) => (index === at ? { ...rule, ...change } : rule))
  return (
    <div className="bl-insp-list">
      {rules.map((rule, index) => {
        const type: ValueType = names.find(({ name }) => name === rule.variable)?.type ?? 'text'
        const offered = operatorsFor(type)
        const own = `${id}-${rule.id}`
        const common = { siblings: rule, node, compact: true, describedBy: undefined, problems: [], Row }
        return (
          <fieldset key={rule.id} className="bl-insp-rule">
            <legend className="bl-sr-only">
              {t('list.item', { list: blockText(field.title), number: index + 1 })}
            </legend>
            <label className="bl-sr-only" htmlFor={`${own}-variable`}>
              {blockText(variable.title)}
            </label>
            <VariableWidget
              {...common}
              id={`${own}-variable`}
              field={variable}
              value={rule.variable}
              onChange={(next, also) => {
                const nextType = names.find(({ name }) => name === next)?.type ?? 'text'
                const fits = operatorsFor(nextType).includes(rule.operator)
                const first = operatorsFor(nextType)[0] ?? 'is'
                onChange(
                  replace(index, {
                    variable: String(next),
                    ...(fits ? {} : { operator: first, value: emptyOperand(first) }),
                  }),
                  also,
                )
              }}
            />
            <IconButton
              size="small"
              icon="trash"
              label={t('list.remove')}
              onClick={() => onChange(rules.filter((other) => other !== rule))}
            />
            <select
              className="bl-select bl-insp-input"
              aria-label={blockText(operator.title)}
              value={rule.operator}
              onChange={(event) => {
                const next = event.target.value as Operator
                const same = operators[next].operand === operators[rule.operator].operand
                onChange(replace(index, { operator: next, ...(same ? {} : { value: emptyOperand(next) }) }))
              }}
            >
              {(offered.includes(rule.operator) ? offered : [rule.operator, ...offered]).map((name) => (
                <option key={name} value={name}>
                  {blockText(`${operator.title}.${name}`) || operators[name].sign}
                </option>
              ))}
            </select>
            <Operand
              {...common}
              id={`${own}-value`}
              field={operand}
              kind={operators[rule.operator].operand}
              value={rule.value}
              onChange={(next) => onChange(replace(index, { value: next }))}
            />
          </fieldset>
        )
      })}
      <Button
        size="small"
        icon="plus"
        onClick={() => {
          const made = item.schema.safeParse({ id: newId('i') })
          if (made.success) onChange([...rules, made.data])
        }}
      >
        {t('list.add', { list: blockText(field.title).toLowerCase() })}
      </Button>
    </div>
  )
}

function emptyOperand(operator: Operator): unknown {
  return operators[operator].operand === 'list' ? [] : ''
}

function Operand({ kind, ...props }: WidgetProps & { kind: (typeof operators)[Operator]['operand'] }) {
  const { t } = useTranslation('inspector')
  const { field, id, value, onChange } = props
  const label = <OperandLabel field={field} id={id} />
  if (kind === 'none') return null
  if (kind === 'list')
    return (
      <div className="bl-insp-rule__value">
        {label}
        <TagsWidget {...props} />
      </div>
    )
  if (kind === 'pattern')
    return (
      <div className="bl-insp-rule__value">
        {label}
        <PatternWidget {...props} />
      </div>
    )
  const isNumber = kind === 'number' || kind === 'days'
  return (
    <span className="bl-insp-unit bl-insp-rule__value">
      {label}
      <input
        id={id}
        className="bl-input bl-insp-input"
        type={kind === 'date' ? 'date' : 'text'}
        inputMode={isNumber ? 'decimal' : undefined}
        placeholder={isNumber ? '0' : undefined}
        value={String(value ?? '')}
        onChange={(event) => {
          const text = event.target.value
          const plain = text.normalize('NFKC').trim()
          // What is not a number yet is kept as typed; the block says that the rule has no value to compare with.
          onChange(
            isNumber && plain !== '' && Number.isFinite(Number(plain)) && !/[.]$|[.]\d*0$/.test(plain)
              ? Number(plain)
              : text,
          )
        }}
      />
      {kind === 'days' && <span>{t('unit.days')}</span>}
    </span>
  )
}

function OperandLabel({ field, id }: { field: Field; id: string }) {
  return (
    <label className="bl-sr-only" htmlFor={id}>
      {blockText(field.title)}
    </label>
  )
}
