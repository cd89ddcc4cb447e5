import i18next from 'i18next'
import { flowOrder } from '#editor/canvas/flow-order.ts'
import { BlockIcon } from '#editor/canvas/icons.tsx'
import type { PickItem } from '#editor/canvas/pick-list.tsx'
import { wordOf } from '#editor/canvas/word-of.ts'
import { blockName, blockText, summaryText } from '#editor/canvas/words.ts'
import { blockViews } from '#editor/document/block-views.ts'
import { registry } from '#editor/document/registry.ts'
import { blockNames } from '#nodes/registry.gen.ts'
import { type GraphDocument, mainDialog, type NodeRecord } from '#runtime/graph/document.ts'

/** A dialog as its bar on the canvas calls it. */
export function dialogName(document: GraphDocument, dialog: string): string {
  return dialog === mainDialog ? wordOf('dialog.main') : (document.dialogs[dialog]?.name ?? '')
}

/** The other blocks of a block's own half, by dialog, the main one first; in each the way that a conversation goes. */
export function blockChoices(document: GraphDocument, self: string): PickItem[] {
  const familyOf = (id: string) => registry.nodes[document.nodes[id]?.type ?? '']?.family
  const byDialog = new Map<string, NodeRecord[]>([[mainDialog, []]])
  const others = Object.keys(document.dialogs).filter((dialog) => dialog !== mainDialog)
  others.sort((a, b) => dialogName(document, a).localeCompare(dialogName(document, b), i18next.language))
  for (const dialog of others) byDialog.set(dialog, [])
  for (const id of flowOrder(document, registry))
    if (id !== self && familyOf(id) === familyOf(self))
      byDialog.get(document.nodes[id]!.dialog)?.push(document.nodes[id]!)
  const { views } = blockViews.getState()
  return [...byDialog].flatMap(([dialog, nodes]) => {
    const group = dialogName(document, dialog)
    return nodes.map((node) => {
      const { hue, icon } = registry.nodes[node.type]!
      const { summary = null, leadsTo } = views[node.id] ?? {}
      return {
        key: node.id,
        title: blockName(node),
        detail: summaryText(summary, document.nodes[leadsTo ?? '']) || blockText(`${node.type}.description`),
        // The dialog is a heading, and found by its name all the same.
        words: [group, node.type, ...Object.values(blockNames[node.type] ?? {})].join(' '),
        icon: <BlockIcon name={icon} size={16} />,
        hue,
        group,
      }
    })
  })
}
