import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './label-picker.module.css'
import type { RowChange } from './row-change.ts'

/** Any label by its name, a new one, or none of them: type to narrow the list, arrows to walk it, Enter to pick, Escape to leave. */
export function LabelPicker({
  labels,
  onPick,
  onEscape,
  onClose,
}: {
  labels: readonly string[]
  onPick: (change: RowChange) => void
  /** Takes the focus back to where it came from. */
  onEscape: () => void
  /** The focus is elsewhere. */
  onClose: () => void
}) {
  const { t } = useTranslation('reports')
  const id = useId()
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => input.current?.focus(), [])

  const wanted = search.trim()
  const found = labels.filter((name) => name.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()))
  const offers: { key: string; words: string; change: RowChange }[] = [
    ...found.map((name) => ({ key: `label ${name}`, words: name, change: { kind: 'label', name } as const })),
    ...(wanted !== '' && !labels.includes(wanted)
      ? [{ key: 'new', words: t('pick.new', { name: wanted }), change: { kind: 'label', name: wanted } as const }]
      : []),
    { key: 'foreign', words: t('pick.foreign'), change: { kind: 'foreign' } },
  ]
  const active = Math.min(at, offers.length - 1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the active line stays in sight when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active, search])

  return (
    <div className={styles.picker}>
      <input
        ref={input}
        className="bl-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={`${id}-${active}`}
        aria-label={t('pick.search')}
        placeholder={t('pick.search')}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value)
          setAt(0)
        }}
        onBlur={onClose}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          event.stopPropagation()
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            setAt((active + (event.key === 'ArrowDown' ? 1 : offers.length - 1)) % offers.length)
          }
          if (event.key === 'Enter') {
            event.preventDefault()
            onPick(offers[active]!.change)
          }
          if (event.key === 'Escape') {
            // The drawer stays.
            event.preventDefault()
            onEscape()
          }
        }}
      />
      <div className={styles.list} id={id} role="listbox" aria-label={t('pick.search')} ref={list}>
        {offers.map(({ key, words, change }, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field that names it as active has the keys
          <div
            key={key}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            tabIndex={-1}
            className={styles.offer}
            // The field would lose the focus, and with it the list, before the click arrives.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(change)}
          >
            {words}
          </div>
        ))}
      </div>
    </div>
  )
}
