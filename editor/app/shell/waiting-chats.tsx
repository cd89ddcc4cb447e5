import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useNavigate } from 'react-router'
import { api } from '../api.ts'
import { visitorName } from '../chats/visitor-name.ts'
import { setTitleWaiting } from '../page-title.ts'
import { keys } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import { notify, useNotifying } from './notify.ts'
import styles from './shell.module.css'

/** A browser allows few streams to one server, so that only the page of the chats listens; everywhere else this is asked. */
const every = 20_000

/** The rail's way to the chats, with the number of those that wait for a person; it also tells the title and the browser. */
export function WaitingChats({ signedIn }: { signedIn: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const notifying = useNotifying((state) => state.on)
  const waiting = useQuery({
    queryKey: keys.waiting,
    queryFn: () => api.chats({ status: 'waiting' }),
    enabled: signedIn,
    refetchInterval: every,
    refetchIntervalInBackground: notifying,
    retry: false,
  })
  const count = waiting.data?.counts.waiting ?? 0
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => setTitleWaiting(count), [count])
  useEffect(() => {
    const chats = waiting.data?.chats
    if (!chats) return
    const fresh = chats.filter(({ id }) => known.current?.has(id) === false)
    known.current = new Set(chats.map(({ id }) => id))
    if (!notifying || document.hasFocus()) return
    for (const chat of fresh)
      notify(
        chat.id,
        t('chats.waits', { name: visitorName(chat) }),
        chat.handoff?.reason || chat.last?.text || '',
        () => navigate(`/chats/${chat.id}`),
      )
  }, [waiting.data, notifying, navigate, t])
  return (
    <NavLink to="/chats" className={({ isActive }) => `${styles.item} ${isActive ? styles.active : ''}`}>
      <span className={styles.counted}>
        <Icon name="inbox" size={20} />
        {count > 0 && (
          <span className={styles.count}>
            {count > 99 ? '99+' : count}
            <span className="bl-sr-only"> {t('chats.waiting')}</span>
          </span>
        )}
      </span>
      <span>{t('chats')}</span>
    </NavLink>
  )
}
