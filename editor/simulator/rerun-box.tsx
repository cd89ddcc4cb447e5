import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { ErrorNotice } from '#editor/app/ui/notice.tsx'
import { useDraft } from '#editor/document/store.ts'
import type { VariableRecord } from '#runtime/graph/document.ts'
import type { Message, VariableValue } from '#server/api/dto.ts'
import type { Edited } from './chats.ts'
import styles from './simulator.module.css'
import { valueText } from './step-words.ts'

/** A visitor's message once more: with other words, or with something else remembered. */
export function RerunBox({
  message,
  before,
  focus,
  onSend,
  onClose,
}: {
  message: Message
  /** What the bot remembered before it. */
  before: Record<string, unknown>
  /** The variable that is to be changed, or null for the words. */
  focus: string | null
  onSend: (request: { text: string; variables: Edited }) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation('simulator')
  const declared = useDraft((state) => state.document.variables)
  const [text, setText] = useState(message.text)
  const [edited, setEdited] = useState<Edited>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const box = useRef<HTMLFormElement>(null)
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const types = new Map(Object.values(declared).map(({ name, type }) => [name, type]))
  // What is filled stands first.
  const names = [...new Set([...Object.keys(before), ...types.keys()])]
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    setBusy(true)
    try {
      await onSend({ text: text.trim(), variables: edited })
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <form
      ref={box}
      className={styles.rerun}
      aria-label={t('rerun')}
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <label className="bl-field">
        <span className="bl-field__label">{t('rerun.text')}</span>
        <textarea
          className="bl-textarea"
          rows={2}
          value={text}
          maxLength={2000}
          // biome-ignore lint/a11y/noAutofocus: opened by the person to be written in
          autoFocus={focus === null}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {names.length > 0 && (
        <fieldset>
          <legend>{t('rerun.variables')}</legend>
          {names.map((name) => (
            <VariableInput
              key={name}
              name={name}
              type={types.get(name) ?? 'text'}
              value={before[name]}
              focus={focus === name}
              onChange={(value) =>
                setEdited((all) => {
                  const { [name]: _, ...rest } = all
                  return value === before[name] || (value === null && before[name] === undefined)
                    ? rest
                    : { ...rest, [name]: value }
                })
              }
            />
          ))}
        </fieldset>
      )}
      <p className={styles.small}>{t('rerun.about')}</p>
      {error !== null && <ErrorNotice error={error} />}
      <footer>
        <Button size="small" onClick={onClose}>
          {t('app:cancel')}
        </Button>
        <Button size="small" variant="primary" icon="restart" type="submit" busy={busy} disabled={text.trim() === ''}>
          {t('rerun.send')}
        </Button>
      </footer>
    </form>
  )
}

/** A value as its type is written; an empty one is forgotten. */
function VariableInput({
  name,
  type,
  value,
  focus,
  onChange,
}: {
  name: string
  type: VariableRecord['type']
  value: unknown
  focus: boolean
  onChange: (value: VariableValue | null) => void
}) {
  const { t } = useTranslation('simulator')
  const id = useId()
  const first = value === undefined ? '' : valueText(value)
  return (
    <div className={styles.variable}>
      <label htmlFor={id}>{name}</label>
      {type === 'boolean' ? (
        <select
          id={id}
          className="bl-select"
          defaultValue={first}
          onChange={({ target }) => onChange(target.value === '' ? null : target.value === 'true')}
        >
          <option value="">{t('variables.empty')}</option>
          <option value="true">{t('yes')}</option>
          <option value="false">{t('no')}</option>
        </select>
      ) : (
        <input
          id={id}
          className="bl-input"
          type={type === 'number' ? 'number' : type === 'date' ? 'date' : 'text'}
          step="any"
          defaultValue={first}
          placeholder={t('variables.empty')}
          maxLength={2000}
          // biome-ignore lint/a11y/noAutofocus: the person asked to change this one
          autoFocus={focus}
          onChange={({ target }) =>
            onChange(target.value === '' ? null : type === 'number' ? target.valueAsNumber : target.value)
          }
        />
      )}
    </div>
  )
}
