import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatDetail, Message } from '#server/api/dto.ts'
import { Time } from '../ui/time.tsx'
import { useSearch } from '../use-search.ts'
import styles from './log.module.css'
import { MessageParts } from './message-parts.tsx'
import { visitorName } from './visitor-name.ts'

const MessageWhy = lazy(async () => ({ default: (await import('./message-why.tsx')).MessageWhy }))

/** What the visitor, the bot or a person said; each turn of the bot says why, too. */
export function MessageEntry({ chat, message, first }: { chat: ChatDetail; message: Message; first: boolean }) {
  const { t } = useTranslation('chats')
  const [search, changeSearch] = useSearch()
  const { role } = message
  if (role === 'system')
    return (
      <p className={styles.notice} lang={message.language}>
        {message.text}
      </p>
    )
  const isOpen = search.get('why') === message.id
  const who = {
    user: () => visitorName(chat),
    bot: () => t('who.bot', { name: chat.bot.name }),
    agent: () => message.author ?? t('who.agent'),
  }[role]()
  return (
    <article className={styles.message} data-role={role} data-first={first || undefined}>
      <header className={first ? styles.who : 'bl-sr-only'}>
        <strong>{who}</strong> <Time iso={message.at} />
      </header>
      <MessageParts
        chat={chat.id}
        message={message}
        beside={
          role !== 'agent' && (
            <button
              type="button"
              className={styles.whyButton}
              aria-expanded={isOpen}
              aria-label={t(role === 'user' ? 'why.heard' : 'why.of', { text: message.text })}
              title={t('why')}
              onClick={() => changeSearch({ why: isOpen ? null : message.id }, { replace: true })}
            >
              {t('why.short')}
            </button>
          )
        }
      />
      {isOpen && (
        <Suspense fallback={<div className="bl-skeleton" style={{ height: 120, width: '100%' }} />}>
          <MessageWhy chat={chat} message={message.id} />
        </Suspense>
      )}
    </article>
  )
}
