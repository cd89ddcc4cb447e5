import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { actions } from '#editor/actions/actions.ts'
import { aligns } from '#editor/actions/align.ts'
import { isMac, shortcutText } from '#editor/actions/shortcuts.ts'
import { performAction, studio } from '#editor/actions/studio.ts'
import { canvasState, type MenuPlace } from './control.ts'
import { Popover } from './popover.tsx'

const close = () => canvasState.setState({ menu: null })

const onItems = [
  'open-inspector',
  'rename',
  'copy',
  'cut',
  'duplicate',
  'group',
  'ungroup',
  ...aligns.map(({ name }) => name),
  'add-next',
  'list-connectable',
  'fit-selection',
  'delete',
]
const onGround = ['add-block', 'add-note', 'paste', 'select-all', 'search', 'tidy', 'fit', 'undo', 'redo']

/** The menu of the right button: what can be done with the picked blocks, or with the canvas. */
export function ContextMenu({ screen, of }: MenuPlace) {
  const { t } = useTranslation('canvas')
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.querySelector('button')?.focus(), [])
  const names = of === 'items' ? onItems : onGround
  const offered = names.flatMap((name) => actions.filter((action) => action.name === name && action.when(studio)))
  return (
    <Popover at={screen} label={t('menu')} onClose={close}>
      <div
        ref={list}
        role="menu"
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
          const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
          buttons[(at + (event.key === 'ArrowDown' ? 1 : buttons.length - 1)) % buttons.length]?.focus()
        }}
      >
        {offered.map((action) => (
          <button
            key={action.name}
            type="button"
            role="menuitem"
            className={`bl-menu__item ${action.name === 'delete' ? 'bl-menu__item--danger' : ''}`}
            onClick={() => {
              close()
              performAction(action.name)
            }}
          >
            <span className="bl-menu__label">{t(`action.${action.name}`)}</span>
            {action.shortcuts[0] && <kbd className="bl-kbd">{shortcutText(action.shortcuts[0], isMac)}</kbd>}
          </button>
        ))}
      </div>
    </Popover>
  )
}
