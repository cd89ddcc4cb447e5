import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Icon } from './icons.tsx'

export interface MenuItem {
  key: string
  label: string
  /** A choice among others shows a mark when it is on; an action has none. */
  checked?: boolean
  danger?: boolean
  onPick: () => void
}
export interface MenuGroup {
  title?: string
  items: MenuItem[]
}

/** A button that opens a list of actions or choices; arrow keys walk it, Escape closes it and gives the focus back. */
export function Menu({
  groups,
  place = 'below-right',
  trigger,
}: {
  groups: MenuGroup[]
  place?: 'below-right' | 'right-up'
  trigger: (props: { 'aria-haspopup': 'menu'; 'aria-expanded': boolean; onClick: () => void }) => ReactNode
}) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!open) return
    list.current?.querySelector('button')?.focus()
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])

  const close = () => {
    setOpen(false)
    root.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const items = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLButtonElement)
    items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus()
  }

  return (
    <div className="bl-menu" ref={root}>
      {trigger({ 'aria-haspopup': 'menu', 'aria-expanded': open, onClick: () => setOpen(!open) })}
      {open && (
        <div
          className={`bl-menu__list bl-menu__list--${place}`}
          role="menu"
          tabIndex={-1}
          ref={list}
          onKeyDown={onKeyDown}
        >
          {groups.map((group, index) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, this groups items of a menu
            <div key={group.title ?? index} role="group" aria-label={group.title}>
              {group.title && <div className="bl-menu__group">{group.title}</div>}
              {group.items.map((item) => (
                <button
                  key={item.key}
                  type="button"
                  role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                  {...(item.checked === undefined ? {} : { 'aria-checked': item.checked })}
                  className={`bl-menu__item ${item.danger ? 'bl-menu__item--danger' : ''}`}
                  onClick={() => {
                    close()
                    item.onPick()
                  }}
                >
                  {item.checked !== undefined && (
                    <span className="bl-menu__mark">{item.checked && <Icon name="check" size={16} />}</span>
                  )}
                  {item.label}
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
