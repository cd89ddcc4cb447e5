import { type DragEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary } from '#server/api/dto.ts'
import { Icon } from '../ui/icons.tsx'
import { number } from '../ui/words.ts'
import { messagesMime } from './group-look.ts'
import styles from './unanswered.module.css'

/** The topics of the set, each a place to drop messages on; a card's button does the same by keys. */
export function TopicList({
  set,
  onDrop,
}: {
  set: SetSummary
  /** Null: on a new topic. */
  onDrop: (ids: string[], topic: string | null) => void
}) {
  const { t } = useTranslation('unanswered')
  const topics = [...set.labels].sort((a, b) => b.rows - a.rows)
  return (
    <section className={styles.topics} aria-label={t('topics')}>
      <h3>{t('topics')}</h3>
      <p>{t('topics.hint')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={styles.places} tabIndex={0} aria-label={t('topics.places')}>
        <ul>
          <DropPlace name={t('topic.new')} onDrop={(ids) => onDrop(ids, null)} isNew>
            <Icon name="plus" size={16} /> {t('topic.new')}
          </DropPlace>
          {topics.map(({ id, name, rows }) => (
            <DropPlace key={id} name={name} onDrop={(ids) => onDrop(ids, name)}>
              <span>{name}</span>
              <span className={styles.rows}>{number(rows)}</span>
            </DropPlace>
          ))}
        </ul>
      </section>
    </section>
  )
}

function DropPlace({
  name,
  isNew,
  onDrop,
  children,
}: {
  name: string
  isNew?: boolean
  onDrop: (ids: string[]) => void
  children: ReactNode
}) {
  const [over, setOver] = useState(false)
  const takes = (event: DragEvent) => event.dataTransfer.types.includes(messagesMime)
  return (
    <li
      title={name}
      data-over={over || undefined}
      data-new={isNew || undefined}
      onDragOver={(event) => {
        if (!takes(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (!takes(event)) return
        event.preventDefault()
        onDrop(JSON.parse(event.dataTransfer.getData(messagesMime)) as string[])
      }}
    >
      {children}
    </li>
  )
}
