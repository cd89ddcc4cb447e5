import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import type { WidgetProps } from '../widget.ts'

/** A list of words: Enter or a comma adds what was typed, Backspace in the empty field takes the last one back. */
export function TagsWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const [typed, setTyped] = useState('')
  const tags = Array.isArray(value) ? value.filter((tag): tag is string => typeof tag === 'string') : []
  const full = field.maxItems !== null && tags.length >= field.maxItems
  const add = (text: string) => {
    const fresh = text
      .split(/[,，、\n]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '' && !tags.includes(tag))
    setTyped('')
    if (fresh.length > 0) onChange([...tags, ...new Set(fresh)].slice(0, field.maxItems ?? undefined))
  }
  return (
    <div className="bl-insp-tags">
      {tags.map((tag) => (
        <span key={tag} className="bl-tag">
          {tag}
          <button
            type="button"
            aria-label={t('tags.remove', { tag })}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      {!full && (
        <input
          id={id}
          aria-describedby={describedBy}
          value={typed}
          placeholder={tags.length === 0 ? t('tags.hint') : ''}
          onChange={(event) =>
            /[,，、]$/.test(event.target.value) ? add(event.target.value) : setTyped(event.target.value)
          }
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'Enter') {
              event.preventDefault()
              add(typed)
            }
            if (event.key === 'Backspace' && typed === '' && tags.length > 0) onChange(tags.slice(0, -1))
          }}
          onBlur={() => add(typed)}
        />
      )}
    </div>
  )
}
