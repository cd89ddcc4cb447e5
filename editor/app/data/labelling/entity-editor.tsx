import { type KeyboardEvent, type SyntheticEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntitySpan } from '#kit/ports.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import styles from './labelling.module.css'

/** Hues that tell types apart; with more types they come again. */
const hues = 6

/** The colour of a type: the same wherever the type stands in a list of all. */
export const hueOf = (types: readonly string[], type: string): number => Math.max(0, types.indexOf(type)) % hues

/** The selection without spaces around it; null where nothing is left. */
function trimmed(text: string, start: number, end: number): { start: number; end: number } | null {
  let [from, to] = [start, end]
  while (from < to && /\s/u.test(text[from]!)) from++
  while (to > from && /\s/u.test(text[to - 1]!)) to--
  return from < to ? { start: from, end: to } : null
}

/**
 * A text in which parts are marked: select by mouse, or by Shift and the arrow keys, then choose a type by its button or digit. The text
 * itself cannot be changed here.
 */
export function EntityEditor({
  text,
  language,
  entities,
  types,
  onChange,
}: {
  text: string
  language: string | undefined
  entities: readonly EntitySpan[]
  /** Types that the set knows. */
  types: readonly string[]
  onChange: (entities: EntitySpan[]) => void
}) {
  const { t } = useTranslation('labelling')
  const help = useId()
  const [selected, setSelected] = useState<{ start: number; end: number } | null>(null)
  const [fresh, setFresh] = useState('')
  const [refused, setRefused] = useState('')
  const known = [...new Set([...types, ...entities.map(({ type }) => type)])]

  const select = (event: SyntheticEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget
    setSelected(trimmed(text, selectionStart, selectionEnd))
    setRefused('')
  }
  const mark = (type: string) => {
    if (!selected || type === '') return
    const other = entities.find(({ start, end }) => start < selected.end && end > selected.start)
    if (other) {
      const words = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
      setRefused(t('entity.overlaps', { words: words(selected), other: words(other), type: other.type }))
      return
    }
    setFresh('')
    setSelected(null)
    onChange([...entities, { ...selected, type }].sort((a, b) => a.start - b.start))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const type = /^[1-9]$/.test(event.key) ? known[Number(event.key) - 1] : undefined
    if (type === undefined || !selected) return
    event.preventDefault()
    mark(type)
  }

  let at = 0
  const parts = entities.flatMap(({ start, end, type }) => {
    const before = text.slice(at, start)
    at = end
    return [before, { start, words: text.slice(start, end), hue: hueOf(known, type) }]
  })
  return (
    <div className={styles.entities}>
      <div className={styles.marked} lang={language}>
        <div aria-hidden="true">
          {parts.map((part) =>
            typeof part === 'string' ? (
              part
            ) : (
              <mark key={part.start} data-hue={part.hue}>
                {part.words}
              </mark>
            ),
          )}
          {text.slice(at)}
        </div>
        <textarea
          // A field that is read-only by name has no caret to go along the text with: this one merely takes nothing in.
          value={text}
          rows={1}
          aria-readonly="true"
          inputMode="none"
          spellCheck={false}
          onChange={() => {}}
          onBeforeInput={(event) => event.preventDefault()}
          aria-label={t('entity.text')}
          aria-describedby={help}
          onSelect={select}
          onKeyDown={onKeyDown}
        />
      </div>
      <p id={help} className="bl-field__help">
        {t('entity.help')}
      </p>
      <div className={styles.types}>
        {known.map((type, index) => (
          <Button key={type} size="small" disabled={!selected} onClick={() => mark(type)}>
            <span className={styles.dot} data-hue={hueOf(known, type)} aria-hidden="true" />
            {type}
            {index < 9 && <kbd>{index + 1}</kbd>}
          </Button>
        ))}
        <form
          className={styles.newType}
          onSubmit={(event) => {
            event.preventDefault()
            mark(fresh.trim())
          }}
        >
          <input
            className="bl-input"
            value={fresh}
            maxLength={100}
            aria-label={t('entity.new')}
            placeholder={t('entity.new')}
            onChange={(event) => setFresh(event.target.value)}
          />
          <Button size="small" type="submit" disabled={!selected || fresh.trim() === ''}>
            {t('entity.mark')}
          </Button>
        </form>
      </div>
      {refused !== '' && (
        <p role="alert" className={styles.refused}>
          {refused}
        </p>
      )}
      {entities.length > 0 && (
        <ul className={styles.spans} aria-label={t('entity.list')}>
          {entities.map((span) => (
            <li key={span.start}>
              <span className={styles.dot} data-hue={hueOf(known, span.type)} aria-hidden="true" />
              <strong>{span.type}</strong>
              <span lang={language}>{text.slice(span.start, span.end)}</span>
              <IconButton
                size="small"
                icon="close"
                label={t('entity.remove', { words: text.slice(span.start, span.end), type: span.type })}
                onClick={() => onChange(entities.filter((other) => other !== span))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
