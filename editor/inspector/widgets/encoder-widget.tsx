import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'
import type { WidgetProps } from '../widget.ts'

const builtin = 'botloom-zh-en'

/** A language model to start from: our own, a folder of the models folder by name, or a name on the hub. */
export function EncoderWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  // The field takes any name while the list is on its way, or cannot be had.
  const { data = [] } = useQuery({ queryKey: keys.encoders, queryFn: api.encoders })
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
        {data
          .filter((name) => name !== builtin)
          .map((name) => (
            <option key={name} value={name} />
          ))}
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
