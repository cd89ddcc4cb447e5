import { useTranslation } from 'react-i18next'
import { pickText } from '#kit/text.ts'
import type { TemplateView } from '#server/api/dto.ts'
import { studioLanguage, studioLanguages } from '../i18n.ts'
import { languageName } from '../ui/words.ts'
import styles from './home.module.css'

type Parameter = TemplateView['parameters'][number]

/** One question of a template's form, by the parameter's type. */
export function ParameterField({
  parameter,
  value,
  onChange,
}: {
  parameter: Parameter
  value: unknown
  onChange: (value: unknown) => void
}) {
  useTranslation()
  const title = pickText(parameter.title, studioLanguage())
  if (parameter.type === 'languages') {
    const chosen = Array.isArray(value) ? value.map(String) : []
    return (
      <fieldset className={styles.fieldset}>
        <legend className="bl-field__label">{title}</legend>
        <div className={styles.languages}>
          {[...new Set([...studioLanguages, ...chosen])].map((tag) => (
            <label key={tag} className="bl-check">
              <input
                type="checkbox"
                checked={chosen.includes(tag)}
                onChange={(event) => {
                  const next = event.target.checked ? [...chosen, tag] : chosen.filter((one) => one !== tag)
                  if (next.length > 0) onChange(next)
                }}
              />
              {languageName(tag)}
            </label>
          ))}
        </div>
      </fieldset>
    )
  }
  if (parameter.type === 'local-text') {
    const texts = typeof value === 'object' && value !== null ? (value as Record<string, string>) : {}
    return (
      <fieldset className={styles.fieldset}>
        <legend className="bl-field__label">{title}</legend>
        {Object.keys(texts).map((tag) => (
          <label key={tag} className={styles.localText}>
            <span>{languageName(tag)}</span>
            <input
              className="bl-input"
              value={texts[tag] ?? ''}
              onChange={(event) => onChange({ ...texts, [tag]: event.target.value })}
            />
          </label>
        ))}
      </fieldset>
    )
  }
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is one of the two below
    <label className="bl-field">
      <span className="bl-field__label">{title}</span>
      {parameter.type === 'choice' ? (
        <select className="bl-select" value={String(value)} onChange={(event) => onChange(event.target.value)}>
          {parameter.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {pickText(option.title, studioLanguage())}
            </option>
          ))}
        </select>
      ) : (
        <input
          className="bl-input"
          type={parameter.type === 'url' ? 'url' : 'text'}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </label>
  )
}
