import { NodeToolbar, Position } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { aligns } from '#editor/actions/align.ts'
import { isMac, shortcutText } from '#editor/actions/shortcuts.ts'
import { performAction, studio } from '#editor/actions/studio.ts'
import { pickedItems, useSelection } from '#editor/document/selection.ts'
import { ToolButton } from './tool-button.tsx'

/** Below several picked things: line them up, space them out, group them. Above them it would lie on the title of their group. */
export function AlignBar() {
  const { t } = useTranslation('canvas')
  const picked = useSelection((state) => state)
  const button = (name: string, shortcut: string | undefined) => (
    <ToolButton
      key={name}
      icon={name}
      label={`${t(`action.${name}`)}${shortcut ? `  ${shortcutText(shortcut, isMac)}` : ''}`}
      onClick={() => performAction(name)}
    />
  )
  const offered = aligns.filter((action) => action.when(studio))
  return (
    <NodeToolbar nodeId={pickedItems(picked)} isVisible position={Position.Bottom} offset={16}>
      <div className="bl-zoom__group bl-align" role="toolbar" aria-label={t('align')}>
        {offered.map((action) => button(action.name, action.shortcuts[0]))}
        {picked.nodes.length > 0 && button('group', 'Mod+G')}
      </div>
    </NodeToolbar>
  )
}
