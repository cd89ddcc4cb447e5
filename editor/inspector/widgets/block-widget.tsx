import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { flyTo } from '#editor/canvas/control.ts'
import { PickList } from '#editor/canvas/pick-list.tsx'
import { Popover } from '#editor/canvas/popover.tsx'
import { blockName, blockText } from '#editor/canvas/words.ts'
import type { Point } from '#editor/document/edits.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { blockChoices, dialogName } from '../block-choices.tsx'
import type { WidgetProps } from '../widget.ts'

/** Another block of the bot, found by its name or its dialog's, and the way to it. */
export function BlockWidget({ field, value, onChange, id, describedBy, node }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const [at, setAt] = useState<Point | null>(null)
  const close = useCallback(() => setAt(null), [])
  const now = typeof value === 'string' ? value : ''
  const chosen = useDraft((state) => state.document.nodes[now])
  const home = useDraft((state) => (chosen ? dialogName(state.document, chosen.dialog) : ''))
  const words = chosen
    ? t('block.in', { block: blockName(chosen), dialog: home })
    : t(now === '' ? 'block.none' : 'block.gone')
  return (
    <>
      <button
        type="button"
        id={id}
        className="bl-select bl-insp-input bl-insp-pick"
        aria-haspopup="dialog"
        aria-expanded={at !== null}
        // The label alone would be read instead of what is chosen.
        aria-label={t('block.chosen', { field: blockText(field.title), block: words })}
        aria-describedby={describedBy}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          setAt({ x: box.left, y: box.bottom + 4 })
        }}
      >
        {words}
      </button>
      {chosen && (
        <button type="button" className="bl-insp-link" onClick={() => void flyTo(now)}>
          {t('block.show')}
        </button>
      )}
      {at && (
        <Popover at={at} label={blockText(field.title)} className="bl-popover--list" onClose={close}>
          <PickList
            items={blockChoices(draft.getState().document, node)}
            hint={t('block.hint')}
            empty={t('block.empty')}
            onPick={(picked) => {
              close()
              onChange(picked)
            }}
          />
        </Popover>
      )}
    </>
  )
}
