import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { useSearch } from '../use-search.ts'
import styles from './chats.module.css'
import { Composer } from './composer.tsx'
import { ConversationHead } from './conversation-head.tsx'
import { holderOf } from './holder.ts'
import { MessageLog } from './message-log.tsx'
import { SidePanel } from './side-panel.tsx'
import { useMedia } from './use-media.ts'

/** One chat: what was said, the box to answer in, and what is known of the visitor. */
export function Conversation({ chat, onBack, focus }: { chat: string; onBack: () => void; focus: boolean }) {
  const { t } = useTranslation('chats')
  const [search, changeSearch] = useSearch()
  const detail = useQuery({ queryKey: keys.chat(chat), queryFn: () => api.chat(chat) })
  const me = useQuery({ queryKey: keys.me, queryFn: api.me, staleTime: Number.POSITIVE_INFINITY })
  const roomy = useMedia('(min-width: 1200px)')
  const withSide = search.get('side') === '1'
  const showSide = (shown: boolean) => changeSearch({ side: shown ? '1' : null }, { replace: true })

  if (!detail.data || !me.data)
    return (
      <section className={styles.conversation} aria-busy={!detail.error}>
        <div className={styles.waiting}>
          {detail.error ? (
            <>
              <ErrorNotice error={detail.error} onRetry={() => detail.refetch()} />
              <Button icon="back" onClick={onBack}>
                {t('back')}
              </Button>
            </>
          ) : (
            [60, 80, 44].map((width) => (
              <div key={width} className="bl-skeleton" style={{ height: 56, width: `${width}%` }} />
            ))
          )}
        </div>
      </section>
    )
  const holder = holderOf(detail.data, me.data.user.id)
  const side = <SidePanel chat={detail.data} me={me.data.user.id} />
  return (
    <>
      <section className={styles.conversation} aria-label={t('conversation')}>
        <ConversationHead
          chat={detail.data}
          holder={holder}
          focus={focus}
          onBack={onBack}
          onSide={roomy ? null : () => showSide(true)}
        />
        <MessageLog chat={detail.data} />
        <Composer chat={detail.data} holder={holder} focus={focus} />
      </section>
      {roomy ? (
        <aside className={styles.side} aria-label={t('side')}>
          {side}
        </aside>
      ) : (
        withSide && (
          <Drawer title={t('side')} onClose={() => showSide(false)}>
            {side}
          </Drawer>
        )
      )}
    </>
  )
}
