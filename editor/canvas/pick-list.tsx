import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { narrow, type Searched } from './narrow.ts'

export interface PickItem extends Searched {
  key: string
  icon?: ReactNode
  hue?: string
  shortcut?: string
}

/** A searchable list: type to narrow it, arrows to walk it, Enter to pick. */
export function PickList({
  items,
  hint,
  empty,
  onPick,
}: {
  items: readonly PickItem[]
  hint: string
  empty: string
  onPick: (key: string) => void
}) {
  const id = useId()
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const found = useMemo(() => narrow(items, search), [items, search])
  const active = found[Math.min(at, found.length - 1)]
  useEffect(() => input.current?.focus({ preventScroll: true }), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the picked line stays in sight when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active?.key])
  return (
    <>
      <input
        ref={input}
        className="bl-pick__search"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={active ? `${id}-${active.key}` : undefined}
        aria-label={hint}
        placeholder={hint}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            const step = event.key === 'ArrowDown' ? 1 : found.length - 1
            if (found.length > 0) setAt((Math.min(at, found.length - 1) + step) % found.length)
          }
          if (event.key === 'Enter' && active) {
            event.preventDefault()
            onPick(active.key)
          }
        }}
      />
      <div className="bl-pick__list" id={id} role="listbox" ref={list} aria-label={hint}>
        {found.length === 0 && <p className="bl-pick__empty">{empty}</p>}
        {found.map((item, index) => (
          <div key={item.key} role="presentation">
            {item.group !== found[index - 1]?.group && <div className="bl-pick__group">{item.group}</div>}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and hears the keys */}
            <div
              id={`${id}-${item.key}`}
              className="bl-pick__item"
              role="option"
              tabIndex={-1}
              aria-selected={item === active}
              data-hue={item.hue}
              onPointerMove={() => setAt(index)}
              onClick={() => onPick(item.key)}
            >
              {item.icon && <span className="bl-block__icon bl-block__icon--small">{item.icon}</span>}
              <span className="bl-pick__words">
                <span className="bl-pick__title">{item.title}</span>
                {item.detail && <span className="bl-pick__detail">{item.detail}</span>}
              </span>
              {item.shortcut && <kbd className="bl-kbd">{item.shortcut}</kbd>}
            </div>
          </div>
        ))}
      </div>
    </>
  )
}
