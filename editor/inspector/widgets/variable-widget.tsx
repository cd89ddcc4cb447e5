import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { newId } from '#editor/document/ids.ts'
import { variableRecord, variableType } from '#runtime/graph/document.ts'
import { useVariableNames } from '../names.ts'
import type { WidgetProps } from '../widget.ts'

const makeNew = '+'

/** One of the bot's variables, or a new one that is made here. */
export function VariableWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const names = useVariableNames()
  const [making, setMaking] = useState(false)
  const now = typeof value === 'string' ? value : ''
  if (making)
    return (
      <NewVariable
        id={id}
        taken={names.map(({ name }) => name)}
        onDone={(name, type) => {
          setMaking(false)
          if (name === null) return
          const record = { id: newId('v'), name, type }
          onChange(name, (document) => {
            document.variables[record.id] = record
          })
        }}
      />
    )
  return (
    <select
      id={id}
      className="bl-select bl-insp-input"
      aria-describedby={describedBy}
      value={now}
      onChange={(event) => (event.target.value === makeNew ? setMaking(true) : onChange(event.target.value))}
    >
      <option value="">{t('variable.none')}</option>
      {now !== '' && !names.some(({ name }) => name === now) && <option value={now}>{now}</option>}
      {names.map(({ name, type }) => (
        <option key={name} value={name}>
          {type ? t('variable.with-type', { name, type: t(`variable.type.${type}`) }) : name}
        </option>
      ))}
      <option value={makeNew}>{t('variable.new')}</option>
    </select>
  )
}

type VariableType = (typeof variableType.options)[number]

function NewVariable({
  id,
  taken,
  onDone,
}: {
  id: string
  taken: readonly string[]
  onDone: (name: string | null, type: VariableType) => void
}) {
  const { t } = useTranslation('inspector')
  const [name, setName] = useState('')
  const [type, setType] = useState<VariableType>('text')
  const clean = name.trim()
  const issue =
    clean === ''
      ? null
      : taken.includes(clean)
        ? t('variable.taken')
        : variableRecord.shape.name.safeParse(clean).success
          ? null
          : t('variable.bad-name')
  const done = () => clean !== '' && issue === null && onDone(clean, type)
  return (
    <div className="bl-insp-new">
      <input
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the control that was just used
        autoFocus
        id={id}
        className="bl-input bl-insp-input"
        value={name}
        placeholder={t('variable.name')}
        aria-label={t('variable.name')}
        aria-invalid={issue !== null}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') done()
          if (event.key === 'Escape') {
            event.stopPropagation()
            onDone(null, type)
          }
        }}
      />
      <select
        className="bl-select bl-insp-input"
        value={type}
        aria-label={t('variable.type')}
        onChange={(event) => setType(variableType.parse(event.target.value))}
      >
        {variableType.options.map((option) => (
          <option key={option} value={option}>
            {t(`variable.type.${option}`)}
          </option>
        ))}
      </select>
      {issue && (
        <p className="bl-insp-issue" role="alert">
          {issue}
        </p>
      )}
      <div className="bl-insp-new__buttons">
        <Button size="small" onClick={() => onDone(null, type)}>
          {t('cancel')}
        </Button>
        <Button size="small" variant="primary" disabled={clean === '' || issue !== null} onClick={done}>
          {t('variable.make')}
        </Button>
      </div>
    </div>
  )
}
