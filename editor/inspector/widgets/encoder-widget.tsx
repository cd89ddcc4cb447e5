import { useTranslation } from 'react-i18next'
import type { WidgetProps } from '../widget.ts'

const builtin = 'botloom-zh-en'

/** A language model to start from: our own, a folder of the models folder by name, or a name on the hub. */
export function EncoderWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const now = typeof value === 'string' ? value : ''
  return (
    <>
      <input
        id={id}
        list={`${id}-known`}
        className="bl-input bl-insp-input bl-insp-mono"
        spellCheck={false}
        aria-describedby={describedBy}
        maxLength={field.maxLength ?? undefined}
        value={now}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-known`}>
        <option value={builtin}>{t('encoder.builtin')}</option>
      </datalist>
      {now === builtin ? (
        <p className="bl-insp-note">{t('encoder.builtin')}</p>
      ) : (
        <button type="button" className="bl-insp-link" onClick={() => onChange(builtin)}>
          {t('encoder.use-builtin')}
        </button>
      )}
    </>
  )
}
