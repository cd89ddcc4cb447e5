import { useTranslation } from 'react-i18next'
import { actions } from '#editor/actions/actions.ts'
import { isMac, shortcutText } from '#editor/actions/shortcuts.ts'
import { performAction, studio } from '#editor/actions/studio.ts'
import { useCommands } from '#editor/app/shell/commands.ts'
import { registry } from '#editor/document/registry.ts'
import { select } from '#editor/document/selection.ts'
import { draft } from '#editor/document/store.ts'
import { flyTo } from './control.ts'
import { flowOrder } from './flow-order.ts'
import { BlockIcon } from './icons.tsx'
import { blockName, blockText } from './words.ts'

/** What the canvas adds to the command list: every action that can be done now, and every block of the bot. */
export function useCanvasCommands(): void {
  const { t } = useTranslation(['canvas', 'blocks'])
  useCommands(() => {
    const { document } = draft.getState()
    const doable = actions.filter((action) => !action.keyOnly && action.when(studio))
    return [
      ...doable.map((action) => ({
        key: `action ${action.name}`,
        title: t(`action.${action.name}`),
        words: action.name,
        group: t('commands.actions'),
        shortcut: action.shortcuts[0] ? shortcutText(action.shortcuts[0], isMac) : undefined,
        perform: () => void performAction(action.name),
      })),
      ...flowOrder(document, registry).flatMap((id) => {
        const node = document.nodes[id]
        const definition = node && registry.nodes[node.type]
        if (!node) return []
        return {
          key: `block ${id}`,
          title: blockName(node),
          detail: node.name ? blockText(`${node.type}.name`) : undefined,
          icon: <BlockIcon name={definition?.icon ?? 'unknown'} size={16} />,
          hue: definition?.hue,
          group: t('commands.blocks'),
          perform: () => {
            select([id])
            void flyTo(id)
          },
        }
      }),
    ]
  })
}
