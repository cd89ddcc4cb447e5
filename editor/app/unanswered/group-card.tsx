import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { UnansweredMessage } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { number } from '../ui/words.ts'
import { colourOf, isRing, messagesMime } from './group-look.ts'
import styles from './unanswered.module.css'

/** Messages of a closed card. */
const shownFirst = 4
/** Messages that an open card shows: who wants all of a large group takes the group. */
const shownMost = 200

/** A group of messages: what it is called, the messages themselves, and what can be made of them. */
export function GroupCard({
  group,
  name,
  messages,
  lit,
  picked,
  busy,
  onLight,
  onPick,
  onTeach,
  onDismiss,
}: {
  group: number
  name: string
  messages: readonly UnansweredMessage[]
  /** It was picked on the map. */
  lit: boolean
  picked: ReadonlySet<string>
  busy: boolean
  onLight: () => void
  onPick: (id: string) => void
  onTeach: (ids: string[]) => void
  onDismiss: (ids: string[]) => void
}) {
  const { t } = useTranslation('unanswered')
  const [open, setOpen] = useState(false)
  const title = useId()
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (lit) card.current?.scrollIntoView({ block: 'nearest' })
  }, [lit])
  const mine = messages.filter(({ id }) => picked.has(id)).map(({ id }) => id)
  const all = messages.map(({ id }) => id)
  /** What is meant by the card's buttons: the picked messages, or all of them. */
  const meant = mine.length > 0 ? mine : all
  const drag = (event: DragEvent, ids: readonly string[]) => {
    event.stopPropagation()
    event.dataTransfer.effectAllowed = 'copy'
    event.dataTransfer.setData(messagesMime, JSON.stringify(ids))
  }
  const shown = messages.slice(0, open ? shownMost : shownFirst)
  const hidden = messages.length - shown.length
  return (
    <section
      ref={card}
      className={styles.card}
      data-lit={lit || undefined}
      aria-labelledby={title}
      onPointerEnter={onLight}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what dragging does, the button does by keys */}
      <header draggable={!busy} onDragStart={(event) => drag(event, meant)}>
        <span
          className={styles.dot}
          data-ring={isRing(group) || undefined}
          style={{ color: colourOf(group) }}
          aria-hidden="true"
        />
        <h3 id={title}>{name}</h3>
        <span className="bl-tag">{t('messages', { count: messages.length, number: number(messages.length) })}</span>
      </header>
      <ul>
        {shown.map(({ id, text, at, times, chat, probable }) => (
          <li key={id} draggable={!busy} onDragStart={(event) => drag(event, picked.has(id) ? mine : [id])}>
            <label className={styles.message}>
              <input type="checkbox" checked={picked.has(id)} onChange={() => onPick(id)} />
              <span className={styles.words}>{text}</span>
            </label>
            <span className={styles.about}>
              {probable && <span title={t('probable.about')}>{t('probable')} · </span>}
              {times > 1 && <span>{t('times', { count: times })} · </span>}
              <Link to={`/chats/${chat}?status=all`} aria-label={t('open-chat', { text })}>
                <Time iso={at} />
              </Link>
            </span>
          </li>
        ))}
      </ul>
      {(hidden > 0 || open) && (
        <Button variant="plain" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? hidden > 0
              ? t('less.of', { count: shownMost })
              : t('less')
            : t('more', { count: hidden, number: number(hidden) })}
        </Button>
      )}
      <div className={styles.actions}>
        <Button size="small" icon="plus" aria-haspopup="dialog" disabled={busy} onClick={() => onTeach(meant)}>
          {mine.length > 0 ? t('teach.picked', { count: mine.length }) : t('teach')}
          <span className="bl-sr-only"> {name}</span>
        </Button>
        <Button variant="plain" size="small" disabled={busy} onClick={() => onDismiss(meant)}>
          {mine.length > 0 ? t('dismiss.picked', { count: mine.length }) : t('dismiss')}
          <span className="bl-sr-only"> {name}</span>
        </Button>
      </div>
    </section>
  )
}
