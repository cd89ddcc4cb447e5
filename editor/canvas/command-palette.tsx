import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { actions } from '#editor/actions/actions.ts'
import { shortcutText } from '#editor/actions/shortcuts.ts'
import { isMac, performAction, studio } from '#editor/actions/studio.ts'
import { registry } from '#editor/document/registry.ts'
import { select } from '#editor/document/selection.ts'
import { draft } from '#editor/document/store.ts'
import { canvasState, flyTo } from './control.ts'
import { flowOrder } from './flow-order.ts'
import { BlockIcon } from './icons.tsx'
import { PickList } from './pick-list.tsx'
import { Popover } from './popover.tsx'
import { blockName, blockText } from './words.ts'

const close = () => canvasState.setState({ commands: false })
const width = 480

/** Every command and every block of the bot in one searchable list. */
export function CommandPalette() {
  const { t } = useTranslation(['canvas', 'blocks'])
  const at = useMemo(() => ({ x: (innerWidth - width) / 2, y: innerHeight * 0.16 }), [])
  const items = useMemo(() => {
    const { document } = draft.getState()
    const doable = actions.filter((action) => !action.keyOnly && action.when(studio))
    return [
      ...doable.map((action) => ({
        key: `action ${action.name}`,
        title: t(`action.${action.name}`),
        words: action.name,
        group: t('commands.actions'),
        shortcut: action.shortcuts[0] ? shortcutText(action.shortcuts[0], isMac) : undefined,
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
        }
      }),
    ]
  }, [t])
  return (
    <Popover at={at} label={t('commands')} className="bl-popover--commands" onClose={close}>
      <PickList
        items={items}
        hint={t('commands.hint')}
        empty={t('commands.empty')}
        onPick={(key) => {
          close()
          const [kind, name] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]
          if (kind === 'action') performAction(name)
          else {
            select([name])
            void flyTo(name)
          }
        }}
      />
    </Popover>
  )
}
