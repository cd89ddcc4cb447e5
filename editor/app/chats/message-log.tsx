import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatDetail } from '#server/api/dto.ts'
import { studioLanguage } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import { useOutgoing } from './answers.ts'
import styles from './log.module.css'
import { MessageEntry } from './message-entry.tsx'
import { NoteEntry } from './note-entry.tsx'
import { OutgoingEntry } from './outgoing-entry.tsx'
import { type Entry, timelineOf } from './timeline.ts'

/** So near to the end somebody is held to read the newest. */
const near = 80

/** What was said and noted, the newest at the end, which stays in sight unless somebody reads further up. */
export function MessageLog({ chat }: { chat: ChatDetail }) {
  const { t } = useTranslation('chats')
  const outgoing = useOutgoing(chat.id)
  const entries = timelineOf(chat.messages, chat.notes, outgoing)
  const log = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [behind, setBehind] = useState(false)
  const toEnd = useCallback(() => log.current?.scrollTo({ top: log.current.scrollHeight }), [])

  const count = entries.length
  const mine = outgoing.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each entry at the end is followed, or said to be there
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
    else setBehind(true)
  }, [count])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever sends something wants to see it
  useLayoutEffect(() => {
    if (mine > 0) toEnd()
  }, [mine])
  // The box below grows with what is written in it; the end stays in sight above it.
  useEffect(() => {
    if (!log.current) return
    const watch = new ResizeObserver(() => atEnd.current && toEnd())
    watch.observe(log.current)
    return () => watch.disconnect()
  }, [toEnd])

  return (
    <div className={styles.frame}>
      <div
        className={styles.log}
        role="log"
        aria-live="polite"
        aria-label={t('log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        ref={log}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < near
          if (atEnd.current) setBehind(false)
        }}
      >
        {entries.map((entry) => (
          <EntryView key={entry.key} chat={chat} entry={entry} />
        ))}
      </div>
      {behind && (
        <Button
          size="small"
          icon="down"
          className={styles.newer}
          onClick={() => {
            setBehind(false)
            toEnd()
          }}
        >
          {t('newer')}
        </Button>
      )}
    </div>
  )
}

function EntryView({ chat, entry }: { chat: ChatDetail; entry: Entry }) {
  switch (entry.kind) {
    case 'day':
      return (
        <p className={styles.day}>
          <time dateTime={entry.at}>{dayName(entry.at)}</time>
        </p>
      )
    case 'message':
      return <MessageEntry chat={chat} message={entry.message} first={entry.first} />
    case 'note':
      return <NoteEntry note={entry.note} />
    case 'outgoing':
      return <OutgoingEntry chat={chat} outgoing={entry.outgoing} first={entry.first} />
  }
}

function dayName(at: string): string {
  const day = new Date(at)
  const today = new Date()
  const days = Math.round((startOf(today) - startOf(day)) / 86_400_000)
  if (days < 2) return new Intl.RelativeTimeFormat(studioLanguage(), { numeric: 'auto' }).format(-days, 'day')
  return new Intl.DateTimeFormat(studioLanguage(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: day.getFullYear() === today.getFullYear() ? undefined : 'numeric',
  }).format(day)
}

function startOf(day: Date): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
}
