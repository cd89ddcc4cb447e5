import { useTranslation } from 'react-i18next'
import { addDialog } from '#editor/document/dialogs.ts'
import { newId } from '#editor/document/ids.ts'
import { showDialog } from '#editor/document/shown-dialog.ts'
import { useDraft } from '#editor/document/store.ts'
import { mainDialog } from '#runtime/graph/document.ts'
import type { WidgetProps } from '../widget.ts'

const fresh = ' new'

/** Another dialog of the bot, a new one, and the way into it. */
export function DialogWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const dialogs = useDraft((state) => state.document.dialogs)
  const now = typeof value === 'string' ? value : ''
  const others = Object.values(dialogs).filter((dialog) => dialog.id !== mainDialog)

  const choose = (chosen: string) => {
    if (chosen !== fresh) return onChange(chosen)
    const made = newId('d')
    const name = t('dialog.name', { number: others.length + 1 })
    onChange(made, (document) => addDialog(document, made, name))
  }
  return (
    <>
      <select
        id={id}
        className="bl-select bl-insp-input"
        aria-describedby={describedBy}
        value={now}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{t('dialog.none')}</option>
        {now !== '' && !dialogs[now] && <option value={now}>{t('dialog.gone')}</option>}
        {others.map((dialog) => (
          <option key={dialog.id} value={dialog.id}>
            {dialog.name}
          </option>
        ))}
        <option value={fresh}>{t('dialog.new')}</option>
      </select>
      {dialogs[now] && (
        <button type="button" className="bl-insp-link" onClick={() => showDialog(now)}>
          {t('dialog.open')}
        </button>
      )}
    </>
  )
}
