import { useTranslation } from 'react-i18next'
import type { WhisperNote } from '#server/api/dto.ts'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import styles from './log.module.css'

/** A word among colleagues; across the whole width and on other paper, so that nobody takes it for something said. */
export function NoteEntry({ note }: { note: WhisperNote }) {
  const { t } = useTranslation('chats')
  return (
    <article className={styles.note}>
      <header>
        <Icon name="note" size={14} />
        <strong>{note.author.name}</strong>
        <span>{t('note.mark')}</span>
        <Time iso={note.at} />
      </header>
      <p>{note.text}</p>
    </article>
  )
}
