import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { addBlock, connect, fittingPort, insertOnWire, mayAdd, typeFits } from '#editor/document/edits.ts'
import { select } from '#editor/document/selection.ts'
import { draft } from '#editor/document/store.ts'
import { blockItems } from './block-list.tsx'
import { announce, canvasState, useCanvasState } from './control.ts'
import { PickList } from './pick-list.tsx'
import { Popover } from './popover.tsx'
import { wordOf } from './word-of.ts'
import { blockText } from './words.ts'

const close = () => canvasState.setState({ quickAdd: null })

/** The list of blocks at the pointer. From a wire's loose end it offers what fits and connects it. */
export function QuickAdd() {
  const open = useCanvasState((state) => state.quickAdd)
  return open && <OpenQuickAdd key={`${open.screen.x} ${open.screen.y}`} {...open} />
}

type Open = NonNullable<ReturnType<typeof canvasState.getState>['quickAdd']>

function OpenQuickAdd({ at, screen, from, wire }: Open) {
  const { t } = useTranslation(['canvas', 'blocks'])
  const items = useMemo(() => {
    const { document, facts } = draft.getState()
    return blockItems((type) => mayAdd(document, type) && (!from || typeFits(document, facts, from, type)))
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

/** Adds a block as one step of the history, connected to the wire's end or put onto the wire that it was asked from. */
export function addByHand(type: string, { at, from, wire }: Pick<Open, 'at' | 'from' | 'wire'>): string | null {
  let added: string | null = null
  draft.commit(
    (document) => {
      const { facts } = draft.getState()
      const place = from ? { x: from.side === 'output' ? at.x : at.x - 256, y: at.y - 28 } : at
      added = addBlock(document, type, place)
      if (!added) return
      if (wire) insertOnWire(document, facts, wire, added)
      if (!from) return
      const port = fittingPort(document, facts, from, added)
      const end = { node: from.node, port: from.port }
      if (port && from.side === 'output') connect(document, facts, end, { node: added, port })
      else if (port) connect(document, facts, { node: added, port }, end)
    },
    { label: 'add' },
  )
  if (added) announce(wordOf('said.added', { block: blockText(`${type}.name`) }))
  return added
}
