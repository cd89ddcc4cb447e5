import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { blockText } from '#editor/canvas/words.ts'
import { newId } from '#editor/document/ids.ts'
import { isShown } from '../fields.ts'
import { problemsAt } from '../problems-at.ts'
import type { WidgetProps } from '../widget.ts'

type Item = Record<string, unknown> & { id: string }

/** A list whose items have ids, so that a port or a wire can name one whatever its place. */
export function ListWidget({ field, value, onChange, id, node, problems, Row }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const [open, setOpen] = useState<string | null>(null)
  const items = (Array.isArray(value) ? value : []) as Item[]
  const { item } = field
  if (!item) return null
  const full = field.maxItems !== null && items.length >= field.maxItems
  const replace = (at: number, next: Item) => items.map((old, index) => (index === at ? next : old))
  const move = (at: number, by: -1 | 1) => {
    const next = [...items]
    const [moved] = next.splice(at, 1)
    if (moved) next.splice(at + by, 0, moved)
    onChange(next)
  }
  return (
    <div className="bl-insp-list">
      {items.map((entry, index) => {
        const shown = item.fields.filter((inner) => isShown(inner, entry))
        const plain = shown.filter((inner) => !inner.ui.advanced)
        const advanced = shown.filter((inner) => inner.ui.advanced)
        const found = problemsAt(problems, entry.id)
        const unfolded = open === entry.id || advanced.some((inner) => problemsAt(found, inner.name).length > 0)
        return (
          <fieldset key={entry.id} className="bl-insp-item">
            <legend className="bl-sr-only">
              {t('list.item', { list: blockText(field.title), number: index + 1 })}
            </legend>
            <div className="bl-insp-item__tools">
              <span>{index + 1}</span>
              <IconButton
                size="small"
                icon="up"
                label={t('list.up')}
                disabled={index === 0}
                onClick={() => move(index, -1)}
              />
              <IconButton
                size="small"
                icon="down"
                label={t('list.down')}
                disabled={index === items.length - 1}
                onClick={() => move(index, 1)}
              />
              <IconButton
                size="small"
                icon="trash"
                label={t('list.remove')}
                onClick={() => onChange(items.filter((other) => other !== entry))}
              />
            </div>
            {[...plain, ...(unfolded ? advanced : [])].map((inner) => (
              <Row
                key={inner.name}
                field={inner}
                id={`${id}-${entry.id}-${inner.name}`}
                value={entry[inner.name]}
                siblings={entry}
                node={node}
                compact
                problems={problemsAt(found, inner.name)}
                onChange={(next, also, beside) =>
                  onChange(replace(index, { ...entry, ...beside, [inner.name]: next }), also)
                }
              />
            ))}
            {advanced.length > 0 && (
              <button
                type="button"
                className="bl-insp-link"
                aria-expanded={unfolded}
                onClick={() => setOpen(open === entry.id ? null : entry.id)}
              >
                {t(unfolded ? 'less' : 'more')}
              </button>
            )}
          </fieldset>
        )
      })}
      <Button
        size="small"
        icon="plus"
        disabled={full}
        title={full ? t('list.full', { max: field.maxItems }) : undefined}
        onClick={() => {
          const made = item.schema.safeParse({ id: newId('i') })
          if (made.success) onChange([...items, made.data])
        }}
      >
        {t('list.add', { list: blockText(field.title).toLowerCase() })}
      </Button>
    </div>
  )
}
