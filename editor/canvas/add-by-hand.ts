import { addBlock, connect, fittingPort, insertOnWire } from '#editor/document/edits.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { draft } from '#editor/document/store.ts'
import { announce, type QuickAddPlace } from './control.ts'
import { wordOf } from './word-of.ts'
import { blockText } from './words.ts'

/** Adds a block as one step of the history, connected to the wire's end or put onto the wire that it was asked from. */
export function addByHand(type: string, { at, from, wire }: Omit<QuickAddPlace, 'screen'>): string | null {
  let added: string | null = null
  draft.commit(
    (document) => {
      const { facts } = draft.getState()
      const place = from ? { x: from.side === 'output' ? at.x : at.x - 256, y: at.y - 28 } : at
      added = addBlock(document, type, place, dialogOf(document))
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
