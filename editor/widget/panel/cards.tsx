import { useRef, useState } from 'preact/hooks'
import type { Card } from '#kit/content-parts.ts'
import { Icon } from './icon.tsx'
import { Picture } from './picture.tsx'
import type { Words } from './words.ts'

/** One card stands alone; several stand in a row that is leafed through: by hand, by its buttons, or by the arrow keys in it. */
export function Cards({ cards, words }: { cards: readonly Card[]; words: Words }) {
  const row = useRef<HTMLUListElement>(null)
  const [at, setAt] = useState(0)
  const last = cards.length - 1
  const leaf = (to: number): void => {
    if (to >= 0 && to <= last) row.current?.children[to]?.scrollIntoView({ block: 'nearest', inline: 'start' })
  }
  const several = last > 0
  return (
    <div class="cards">
      <ul
        ref={row}
        // biome-ignore lint/a11y/noRedundantRoles: Safari takes a list without bullets for none
        role="list"
        aria-label={`${words.cards}: ${cards.length}`}
        tabIndex={several ? 0 : undefined}
        onScroll={() => setAt(placeIn(row.current))}
      >
        {cards.map(({ title, text, image, link }, i) => (
          <li key={i} class="card">
            {image && (
              <div class="box">
                <Picture url={image} alt="" words={words} />
              </div>
            )}
            <div class="about">
              <b>{title}</b>
              {text && <p>{text}</p>}
              {link && (
                <a
                  class="go"
                  href={link.url}
                  target="_blank"
                  rel="noopener noreferrer nofollow"
                  aria-label={`${link.text}: ${title}`}
                >
                  {link.text}
                </a>
              )}
            </div>
          </li>
        ))}
      </ul>
      {several && (
        <div class="leaf">
          {/* At an end it stays where the focus is, and does nothing. */}
          <button
            type="button"
            class="tool"
            aria-label={words.previous}
            aria-disabled={at === 0}
            onClick={() => leaf(at - 1)}
          >
            <Icon path="m14.5 6-6 6 6 6" />
          </button>
          <span aria-hidden="true">
            {at + 1} / {cards.length}
          </span>
          <button
            type="button"
            class="tool"
            aria-label={words.next}
            aria-disabled={at === last}
            onClick={() => leaf(at + 1)}
          >
            <Icon path="m9.5 6 6 6-6 6" />
          </button>
        </div>
      )}
    </div>
  )
}

/** The card that stands first in a row, or the last one where the row is at its end. From right to left, places are negative. */
function placeIn(row: HTMLElement | null): number {
  const [first, second] = row?.children ?? []
  if (!row || !first || !second) return 0
  const scrolled = Math.abs(row.scrollLeft)
  if (scrolled + row.clientWidth >= row.scrollWidth - 2) return row.children.length - 1
  const step = Math.abs(second.getBoundingClientRect().left - first.getBoundingClientRect().left)
  return Math.round(scrolled / step)
}
