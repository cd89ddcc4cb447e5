import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import styles from './chats.module.css'
import type { Holder } from './holder.ts'
import { useChatChange } from './use-chat-change.ts'
import { useMedia } from './use-media.ts'
import { visitorName } from './visitor-name.ts'

/** Who it is, who has the chat, and what can be done with it. */
export function ConversationHead({
  chat,
  holder,
  focus,
  onBack,
  onSide,
}: {
  chat: ChatDetail
  holder: Holder
  focus: boolean
  onBack: () => void
  /** Null where the panel stands beside the conversation. */
  onSide: (() => void) | null
}) {
  const { t } = useTranslation('chats')
  const phone = useMedia('(max-width: 760px)')
  const heading = useRef<HTMLHeadingElement>(null)
  const { busy, change } = useChatChange(chat.id)
  // On a phone the box to write in would bring the keyboard up at once.
  useEffect(() => {
    if (focus && phone) heading.current?.focus()
  }, [focus, phone])

  const actions = [
    ...(holder === 'me' || holder === 'nobody'
      ? [{ key: 'give-back', label: t('give-back'), icon: 'bots', perform: api.giveChatBack } as const]
      : []),
    ...(holder === 'ended'
      ? []
      : [{ key: 'close', label: t('close'), icon: 'check', perform: api.closeChat } as const]),
  ].map((action) => ({ ...action, onPick: () => void change(action.key, () => action.perform(chat.id)) }))
  return (
    <header className={styles.head}>
      {phone && <IconButton icon="back" label={t('back')} onClick={onBack} />}
      <div className={styles.who}>
        <h2 ref={heading} tabIndex={-1}>
          {visitorName(chat)}
        </h2>
        <p>
          <span className={styles.state} data-holder={holder}>
            {holder === 'colleague' ? t('holder.colleague', { name: chat.assignee?.name }) : t(`holder.${holder}`)}
          </span>
          <span className={styles.of}>{chat.bot.name}</span>
          {chat.environment === 'test' && (
            <span className="bl-tag bl-tag--warn" title={t('test.about')}>
              {t('test')}
            </span>
          )}
        </p>
      </div>
      {phone
        ? actions.length > 0 && (
            <Menu
              groups={[{ items: actions }]}
              trigger={(props) => <IconButton icon="more" label={t('app:more')} {...props} />}
            />
          )
        : actions.map(({ key, label, icon, onPick }) => (
            <Button key={key} size="small" icon={icon} busy={busy === key} onClick={onPick}>
              {label}
            </Button>
          ))}
      {onSide && <IconButton icon="sidebar" label={t('side')} aria-haspopup="dialog" onClick={onSide} />}
    </header>
  )
}
