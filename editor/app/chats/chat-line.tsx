import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ChatSummary } from '#server/api/dto.ts'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import { number } from '../ui/words.ts'
import styles from './list.module.css'
import { visitorName } from './visitor-name.ts'

/** One chat of the list: who, what was said last, who has it, and how long it has waited. */
export function ChatLine({ chat, open, to }: { chat: ChatSummary; open: boolean; to: string }) {
  const { t } = useTranslation('chats')
  const { last, status, assignee, tags, handoff } = chat
  const unanswered = status === 'ended' ? 0 : chat.unanswered
  return (
    <li>
      <Link
        to={to}
        state={{ from: 'list' }}
        className={styles.line}
        data-chat={chat.id}
        data-status={status}
        data-unanswered={unanswered > 0 || undefined}
        aria-current={open || undefined}
      >
        <span className={styles.who}>
          <strong>{visitorName(chat)}</strong>
          <Time iso={last?.at ?? chat.updatedAt} />
        </span>
        <span className={styles.said}>
          <span className={styles.words} lang={chat.language}>
            {last && last.role !== 'user' && <b>{t(`by.${last.role}`)}</b>}
            {last?.text || t('nothing-said')}
          </span>
          {unanswered > 0 && (
            <span className={styles.unanswered} title={t('unanswered', { count: unanswered })}>
              <span aria-hidden="true">{number(unanswered)}</span>
              <span className="bl-sr-only">{t('unanswered', { count: unanswered })}</span>
            </span>
          )}
        </span>
        <span className={styles.facts}>
          {status === 'waiting' && handoff ? (
            <span className="bl-tag bl-tag--warn">
              <Icon name="clock" size={13} />
              <span className="bl-sr-only">{t('handoff.since')} </span>
              <Time iso={handoff.at} />
            </span>
          ) : (
            <span className={`bl-tag ${status === 'agent' ? 'bl-tag--accent' : ''}`}>
              {status === 'agent' && assignee ? assignee.name : t(`status.${status}`)}
            </span>
          )}
          {(status === 'waiting' || status === 'open') && assignee && (
            <span className="bl-tag">{t('for', { name: assignee.name })}</span>
          )}
          {chat.environment === 'test' && (
            <span className="bl-tag bl-tag--warn" title={t('test.about')}>
              {t('test')}
            </span>
          )}
          {tags.map((tag) => (
            <span key={tag} className="bl-tag">
              # {tag}
            </span>
          ))}
          <span className={styles.bot}>{chat.bot.name}</span>
        </span>
      </Link>
    </li>
  )
}
