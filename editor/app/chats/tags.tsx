import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import styles from './side.module.css'
import { useChatChange } from './use-chat-change.ts'

/** The words that a chat is filed under; known ones are offered. */
export function Tags({ chat }: { chat: ChatDetail }) {
  const { t } = useTranslation('chats')
  const heading = useId()
  const offered = useId()
  const known = useQuery({ queryKey: keys.chatTags, queryFn: api.chatTags })
  const { busy, change } = useChatChange(chat.id)
  const [text, setText] = useState('')
  const { tags } = chat
  const put = async (next: string[]) => {
    if (await change('tags', () => api.changeChat(chat.id, { tags: next })))
      void queryClient.invalidateQueries({ queryKey: keys.chatTags })
  }
  const add = () => {
    // Tags are put as a whole: a second one waits until the first is there.
    if (busy !== null) return
    const tag = text.trim().replace(/^#\s*/, '')
    setText('')
    if (tag !== '' && !tags.includes(tag)) void put([...tags, tag])
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' || event.key === ',' || event.key === '，') {
      event.preventDefault()
      add()
    }
  }
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}>{t('tags')}</h3>
      <div className={styles.tags}>
        {tags.map((tag) => (
          <span key={tag} className="bl-tag">
            # {tag}
            <button
              type="button"
              aria-label={t('tags.remove', { tag })}
              title={t('tags.remove', { tag })}
              disabled={busy !== null}
              onClick={() => void put(tags.filter((one) => one !== tag))}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input
          className="bl-input"
          list={offered}
          value={text}
          maxLength={40}
          aria-label={t('tags.add')}
          placeholder={t('tags.add')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
        <datalist id={offered}>
          {(known.data ?? [])
            .filter((tag) => !tags.includes(tag))
            .map((tag) => (
              <option key={tag} value={tag} />
            ))}
        </datalist>
      </div>
    </section>
  )
}
