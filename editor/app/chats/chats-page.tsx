import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams, useSearchParams } from 'react-router'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { changedParams } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { filterOf, tabOf } from './chat-filter.ts'
import { ChatList } from './chat-list.tsx'
import { inOrder } from './chat-order.ts'
import styles from './chats.module.css'
import { Conversation } from './conversation.tsx'
import { lineOf, useDeskKeys } from './use-desk-keys.ts'
import { useInboxEvents } from './use-inbox-events.ts'

/** The desk: who waits for a person on the left, the conversation in the middle, what is known of it on the right. */
export function ChatsPage() {
  const { t } = useTranslation('chats')
  const { chat } = useParams()
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const { state } = useLocation()
  const desk = useRef<HTMLDivElement>(null)
  const filter = filterOf(search)
  const list = useInfiniteQuery({
    queryKey: keys.chatList(filter),
    queryFn: ({ pageParam }) => api.chats({ ...filter, after: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  useInboxEvents()
  useEffect(() => setPageTitle(t('title')), [t])

  /** The same list with another conversation beside it, or with none. */
  const addressOf = (id: string | null) => {
    const rest = changedParams(search, { why: null })
    return `/chats${id === null ? '' : `/${id}`}${rest.size > 0 ? `?${rest}` : ''}`
  }
  const closed = useRef<string | null>(null)
  const close = () => {
    if (!chat) return
    closed.current = chat
    navigate(addressOf(null))
  }
  // On a phone the list is drawn only now; the chat's line may have left this tab.
  useEffect(() => {
    if (chat || closed.current === null || !desk.current) return
    const line = lineOf(desk.current, closed.current) ?? lineOf(desk.current)
    closed.current = null
    ;(line ?? desk.current.querySelector<HTMLElement>('input[type=search]'))?.focus()
  }, [chat])
  useDeskKeys(desk, chat ? close : null)

  const loaded = new Map(list.data?.pages.flatMap((page) => page.chats).map((one) => [one.id, one]))
  const chats = inOrder([...loaded.values()], tabOf(search))
  const first = chats[0]
  return (
    <div className={styles.desk} ref={desk} data-full-screen={chat !== undefined || undefined}>
      <h1 className="bl-sr-only">{t('title')}</h1>
      <ChatList list={list} chats={chats} open={chat ?? null} addressOf={addressOf} />
      {chat ? (
        // By a press on its line the hand wants to write; by its address the page is only looked at.
        <Conversation key={chat} chat={chat} onBack={close} focus={state?.from === 'list'} />
      ) : (
        <div className={styles.none}>
          {first && (
            <div className="bl-empty">
              <p>{t('none-open')}</p>
              <Button onClick={() => navigate(addressOf(first.id), { state: { from: 'list' } })}>
                {t('none-open.first')}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  )
}
