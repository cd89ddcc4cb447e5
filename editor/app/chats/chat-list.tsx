import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import type { ChatPage, ChatSummary } from '#server/api/dto.ts'
import { changedParams } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { number } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { countOf, isNarrowed, type Tab, tabOf, tabs, widened } from './chat-filter.ts'
import { ChatLine } from './chat-line.tsx'
import styles from './list.module.css'
import { ListHead } from './list-head.tsx'

/** Which chats there are, by who has them, narrowed as the address says. */
export function ChatList({
  list,
  chats,
  open,
  addressOf,
}: {
  list: UseInfiniteQueryResult<InfiniteData<ChatPage>>
  chats: readonly ChatSummary[]
  open: string | null
  addressOf: (chat: string) => string
}) {
  const { t } = useTranslation('chats')
  const [search] = useSearchParams()
  const current = tabOf(search)
  const counts = list.data?.pages.at(-1)?.counts
  const toTab = (tab: Tab) => ({ search: `?${changedParams(search, { status: tab, why: null })}` })
  return (
    <section className={styles.list} data-pane="list" aria-label={t('list')}>
      <ListHead />
      <nav className={styles.tabs} aria-label={t('tabs')}>
        {tabs.map((tab) => {
          const count = countOf(counts, tab)
          return (
            <Link
              key={tab}
              to={toTab(tab)}
              replace
              aria-current={tab === current ? 'page' : undefined}
              aria-label={t(`tab.${tab}.long`, { count: count ?? 0 })}
              title={t(`tab.${tab}.long`, { count: count ?? 0 })}
              data-waits={(tab === 'waiting' && (count ?? 0) > 0) || undefined}
            >
              <strong>{count === null ? '–' : number(count)}</strong>
              <span>{t(`tab.${tab}`)}</span>
            </Link>
          )
        })}
      </nav>
      <div className={styles.lines} aria-busy={list.isPending}>
        {list.error && (
          <div className={styles.trouble}>
            <ErrorNotice error={list.error} onRetry={() => list.refetch()} />
          </div>
        )}
        {list.isPending &&
          [0, 1, 2, 3, 4].map((index) => <div key={index} className={`bl-skeleton ${styles.skeleton}`} />)}
        {list.data && chats.length === 0 && <Empty counts={counts} tab={current} />}
        <ol aria-label={t(`tab.${current}.long`, { count: countOf(counts, current) ?? 0 })}>
          {chats.map((chat) => (
            <ChatLine key={chat.id} chat={chat} open={chat.id === open} to={addressOf(chat.id)} />
          ))}
        </ol>
        {list.hasNextPage && (
          <div className={styles.more}>
            <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('list.more')}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}

/** Why there is nothing here, and the one thing to do about it. */
function Empty({ counts, tab }: { counts: ChatPage['counts'] | undefined; tab: Tab }) {
  const { t } = useTranslation('chats')
  const [search, changeSearch] = useSearch()
  const navigate = useNavigate()
  const [words, action, perform]: [string, string, () => void] =
    countOf(counts, 'all') === 0
      ? [t('empty'), t('empty.bots'), () => navigate('/')]
      : isNarrowed(search)
        ? [t('empty.narrowed'), t('empty.widen'), () => changeSearch(widened, { replace: true })]
        : [t(`empty.${tab}`), t('empty.all'), () => changeSearch({ status: 'all' }, { replace: true })]
  return (
    <div className={`bl-empty ${styles.empty}`}>
      <p>{words}</p>
      <Button onClick={perform}>{action}</Button>
    </div>
  )
}
