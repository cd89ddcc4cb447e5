import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '#editor/app/ui/button.tsx'
import type { Card } from '#kit/content-parts.ts'
import styles from './content.module.css'
import { Picture } from './picture.tsx'

/** One card, or several in a row that is leafed through as visitors do it. */
export function Cards({ cards }: { cards: readonly Card[] }) {
  const { t } = useTranslation('simulator')
  const row = useRef<HTMLUListElement>(null)
  const [at, setAt] = useState(0)
  const last = cards.length - 1
  const leaf = (to: number) => {
    if (to >= 0 && to <= last) row.current?.children[to]?.scrollIntoView({ block: 'nearest', inline: 'start' })
  }
  return (
    <div className={styles.cards}>
      <ul
        ref={row}
        aria-label={t('cards', { count: cards.length })}
        tabIndex={last > 0 ? 0 : undefined}
        onScroll={() => setAt(placeIn(row.current))}
      >
        {cards.map(({ title, text, image, link }, index) => (
          <li key={index}>
            {image && <Picture url={image} alt="" />}
            <div className={styles.about}>
              <b>{title}</b>
              {text && <p>{text}</p>}
              {link && (
                <a
                  href={link.url}
                  target="_blank"
                  rel="noopener noreferrer nofollow"
                  title={link.url}
                  aria-label={`${link.text}: ${title}`}
                >
                  {link.text}
                </a>
              )}
            </div>
          </li>
        ))}
      </ul>
      {last > 0 && (
        <div className={styles.leaf}>
          <IconButton
            size="small"
            icon="left"
            label={t('cards.previous')}
            aria-disabled={at === 0}
            onClick={() => leaf(at - 1)}
          />
          <span aria-hidden="true">
            {at + 1} / {cards.length}
          </span>
          <IconButton
            size="small"
            icon="right"
            label={t('cards.next')}
            aria-disabled={at === last}
            onClick={() => leaf(at + 1)}
          />
        </div>
      )}
    </div>
  )
}

/** The card that stands first in a row, or the last one where the row is at its end. */
function placeIn(row: HTMLElement | null): number {
  const [first, second] = row?.children ?? []
  if (!row || !first || !second) return 0
  if (row.scrollLeft + row.clientWidth >= row.scrollWidth - 2) return row.children.length - 1
  return Math.round(row.scrollLeft / (second.getBoundingClientRect().left - first.getBoundingClientRect().left))
}
