import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, files } from '../api.ts'
import { keys } from '../query.ts'
import { canNotify, switchNotifying, useNotifying } from '../shell/notify.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { showToast } from '../ui/toast.tsx'
import { useSearch } from '../use-search.ts'
import { filterOf } from './chat-filter.ts'
import styles from './list.module.css'

/** A word is looked for when the hand rests, not with each letter. */
const rest = 300

/** The title with what concerns the whole list, the search, and the three ways to narrow it. */
export function ListHead() {
  const { t } = useTranslation('chats')
  const [search, changeSearch] = useSearch()
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const people = useQuery({ queryKey: keys.people, queryFn: api.people })
  const me = useQuery({ queryKey: keys.me, queryFn: api.me, staleTime: Number.POSITIVE_INFINITY })
  const tags = useQuery({ queryKey: keys.chatTags, queryFn: api.chatTags })
  const set = (key: string, value: string) => changeSearch({ [key]: value }, { replace: true })
  const choice = (key: string, all: string, options: { value: string; text: string }[]) => (
    <select
      className="bl-select"
      aria-label={t(`filter.${key}`)}
      value={search.get(key) ?? ''}
      data-set={search.has(key) || undefined}
      onChange={(event) => set(key, event.target.value)}
    >
      <option value="">{all}</option>
      {options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  )
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h2>{t('title')}</h2>
        <NotifyButton />
        <a
          className="bl-button bl-button--plain bl-button--icon"
          href={files.chats(filterOf(search))}
          download
          aria-label={t('export')}
          title={t('export')}
        >
          <Icon name="download" />
        </a>
      </div>
      {search.has('figure') && (
        <p className={styles.figure}>
          <Icon name="target" size={16} />
          <span>{t('figure')}</span>
          <Button size="small" variant="plain" onClick={() => set('figure', '')}>
            {t('figure.leave')}
          </Button>
        </p>
      )}
      <SearchField value={search.get('q') ?? ''} onChange={(value) => set('q', value)} />
      <div className={styles.filters}>
        {choice(
          'bot',
          t('filter.bot.all'),
          (bots.data ?? []).map(({ id, name }) => ({ value: id, text: name })),
        )}
        {choice('assignee', t('filter.assignee.all'), [
          { value: 'me', text: t('filter.assignee.me') },
          { value: 'nobody', text: t('filter.assignee.nobody') },
          ...(people.data ?? [])
            .filter(({ id }) => id !== me.data?.user.id)
            .map(({ id, name }) => ({ value: id, text: name })),
        ])}
        {choice(
          'tag',
          t('filter.tag.all'),
          (tags.data ?? []).map((tag) => ({ value: tag, text: tag })),
        )}
      </div>
    </header>
  )
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('chats')
  const [text, setText] = useState(value)
  const [composing, setComposing] = useState(false)
  const asked = useRef(value)
  const ask = useRef(onChange)
  ask.current = onChange
  // What comes back is what was asked for, while the hand may be further; only what somebody else asked for is taken over.
  useEffect(() => {
    if (value === asked.current) return
    asked.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (composing || text === asked.current) return
    const timer = setTimeout(() => {
      asked.current = text
      ask.current(text)
    }, rest)
    return () => clearTimeout(timer)
  }, [text, composing])
  return (
    <label className={styles.search}>
      <Icon name="search" size={16} />
      <input
        type="search"
        className="bl-input"
        aria-label={t('search')}
        placeholder={t('search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return
          event.preventDefault()
          setText('')
        }}
      />
    </label>
  )
}

/** The browser is asked by a press alone. */
function NotifyButton() {
  const { t } = useTranslation('chats')
  const on = useNotifying((state) => state.on)
  if (!canNotify()) return null
  return (
    <IconButton
      icon="bell"
      label={t(on ? 'notify.on' : 'notify.off')}
      aria-pressed={on}
      className={styles.toggle}
      onClick={async () =>
        showToast(t((await switchNotifying(!on)) ? (on ? 'notify.now-off' : 'notify.now-on') : 'notify.refused'))
      }
    />
  )
}
