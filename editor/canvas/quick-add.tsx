import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { mayAdd, typeFits } from '#editor/document/edits.ts'
import { select } from '#editor/document/selection.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { draft } from '#editor/document/store.ts'
import { addByHand } from './add-by-hand.ts'
import { blockItems } from './block-list.tsx'
import { canvasState, type QuickAddPlace } from './control.ts'
import { PickList } from './pick-list.tsx'
import { Popover } from './popover.tsx'

const close = () => canvasState.setState({ quickAdd: null })

/** The list of blocks at the pointer. From a wire's loose end it offers what fits and connects it. */
export function QuickAdd({ at, screen, from, wire }: QuickAddPlace) {
  const { t } = useTranslation(['canvas', 'blocks'])
  const items = useMemo(() => {
    const { document, facts } = draft.getState()
    return blockItems(
      (type) => mayAdd(document, type, dialogOf(document)) && (!from || typeFits(document, facts, from, type)),
    )
  }, [from])
  const pick = (type: string) => {
    const added = addByHand(type, { at, from, wire })
    close()
    if (added) select([added])
  }
  return (
    <Popover at={screen} label={t('quick-add')} className="bl-popover--list" onClose={close}>
      <PickList
        items={items}
        hint={t(from ? 'quick-add.hint-fit' : 'quick-add.hint')}
        empty={t('quick-add.empty')}
        onPick={pick}
      />
    </Popover>
  )
}
