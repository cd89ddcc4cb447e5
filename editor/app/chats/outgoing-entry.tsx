import { useTranslation } from 'react-i18next'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { answers } from './answers.ts'
import styles from './log.module.css'
import type { Outgoing } from './outbox.ts'
import { useChatChange } from './use-chat-change.ts'

/** An answer that the server has not taken yet: on its way, late, or refused with the ways out of that. */
export function OutgoingEntry({ chat, outgoing, first }: { chat: ChatDetail; outgoing: Outgoing; first: boolean }) {
  const { t } = useTranslation('chats')
  const { id, text, state } = outgoing
  return (
    <article className={styles.message} data-role="agent" data-state={state} data-first={first || undefined}>
      <header className={first ? styles.who : 'bl-sr-only'}>
        <strong>{t('who.me')}</strong>
      </header>
      <div className={styles.said}>
        <p className={styles.bubble}>{text}</p>
      </div>
      {state === 'sending' && (
        <p className={styles.onItsWay}>
          <Icon name="clock" size={14} /> {t('sending')}
        </p>
      )}
      {state === 'late' && (
        <p className={styles.onItsWay}>
          <Icon name="offline" size={14} /> {t('late')}
          <Button variant="plain" size="small" onClick={() => answers.wake(chat.id)}>
            {t('late.now')}
          </Button>
        </p>
      )}
      {state === 'refused' && <Refused chat={chat} id={id} reason={outgoing.reason} />}
    </article>
  )
}

function Refused({ chat, id, reason }: { chat: ChatDetail; id: string; reason: Outgoing['reason'] }) {
  const { t } = useTranslation('chats')
  const { busy, change } = useChatChange(chat.id)
  const taken = reason?.code === 'chat-with-colleague'
  const mustTake = taken || reason?.code === 'chat-not-taken'
  const again = async () => {
    if (mustTake && !(await change('take', () => api.takeChat(chat.id)))) return
    await answers.again(chat.id, id)
  }
  return (
    <div className={styles.refused} role="alert">
      <p>
        <Icon name="error" size={14} />{' '}
        {taken && chat.assignee ? t('refused.taken', { name: chat.assignee.name }) : reason?.message}
      </p>
      <Button size="small" busy={busy !== null} onClick={() => void again()}>
        {t(mustTake ? 'refused.take' : 'refused.again')}
      </Button>
      <Button size="small" variant="plain" onClick={() => answers.drop(chat.id, id)}>
        {t('refused.drop')}
      </Button>
    </div>
  )
}
