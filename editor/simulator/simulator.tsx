import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { markDone } from '#editor/app/bot/checklist-state.ts'
import { useRunNow } from '#editor/app/bot/use-run-now.ts'
import { studioLanguage } from '#editor/app/i18n.ts'
import { keys } from '#editor/app/query.ts'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { ErrorNotice, Notice } from '#editor/app/ui/notice.tsx'
import { languageName } from '#editor/app/ui/words.ts'
import { setWalkedPath } from '#editor/canvas/walked-path.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { MessageView } from './message-view.tsx'
import styles from './simulator.module.css'
import { useChat } from './use-chat.ts'
import { WhyTrace } from './why-trace.tsx'

/** Talks with the draft as it stands, and shows of every answer why it was given. */
export function Simulator({ bot }: { bot: string }) {
  const { t } = useTranslation('simulator')
  const languages = useDraft((state) => state.document.languages)
  const [language, setLanguage] = useState(
    () => languages.find((tag) => tag.split('-')[0] === studioLanguage().split('-')[0]) ?? languages[0] ?? 'en',
  )
  const chat = useChat(bot, language)
  const [text, setText] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const end = useRef<HTMLLIElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const { start: runNow, busy } = useRunNow(bot)

  const last = chat.messages.findLast((message) => message.role === 'bot')
  const shown = chat.messages.find((message) => message.id === picked) ?? last
  const conversation = chat.started?.conversationId ?? ''
  const trace = useQuery({
    queryKey: keys.trace(conversation, shown?.id ?? ''),
    queryFn: () => api.trace(conversation, shown?.id ?? ''),
    enabled: conversation !== '' && shown !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const path = chat.waiting ? undefined : trace.data?.path
  useEffect(() => setWalkedPath(path ?? null), [path])
  useEffect(() => () => setWalkedPath(null), [])

  const count = chat.messages.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message brings the end into view
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [count, chat.waiting])

  const say = async (words: string, choice?: { block: string; value: string }) => {
    setPicked(null)
    markDone(bot, 'talk')
    await draft.flush()
    await chat.say(words, choice)
    input.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const words = text.trim()
    if (!words || chat.waiting) return
    setText('')
    void say(words)
  }

  return (
    <div className={styles.simulator}>
      <div className={styles.head}>
        <select
          className="bl-select"
          aria-label={t('language')}
          value={language}
          onChange={(event) => setLanguage(event.target.value)}
        >
          {languages.map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag)}
            </option>
          ))}
        </select>
        <IconButton
          icon="restart"
          label={t('restart')}
          onClick={() => {
            setPicked(null)
            chat.restart()
          }}
        />
      </div>
      {chat.started && (!chat.started.hasModel || chat.started.modelStale) && (
        <div className={styles.banner}>
          <Notice
            tone="warn"
            action={
              <Button size="small" busy={busy} onClick={runNow}>
                {t('run')}
              </Button>
            }
          >
            {t(chat.started.hasModel ? 'model-stale' : 'no-model')}
          </Notice>
        </div>
      )}
      <ol className={styles.messages} aria-live="polite" aria-label={t('messages')}>
        {chat.messages.map((message, index) => (
          <li key={message.id} data-role={message.role}>
            <MessageView
              message={message}
              live={!chat.waiting && index === chat.messages.length - 1}
              open={picked === message.id}
              onWhy={() => {
                markDone(bot, 'why')
                setPicked(picked === message.id ? null : message.id)
              }}
              onChoose={(choice, words) => void say(words, choice)}
            />
            {picked === message.id && trace.data && <WhyTrace trace={trace.data} />}
            {picked === message.id && trace.error && <ErrorNotice error={trace.error} />}
          </li>
        ))}
        {chat.waiting && (
          <li data-role="bot">
            <span className={styles.typing} role="status" aria-label={t('typing')}>
              <i />
              <i />
              <i />
            </span>
          </li>
        )}
        {chat.error !== null && (
          <li>
            <ErrorNotice error={chat.error} onRetry={chat.started ? undefined : chat.restart} />
          </li>
        )}
        <li ref={end} aria-hidden="true" />
      </ol>
      <form className={styles.form} onSubmit={submit}>
        <input
          ref={input}
          className="bl-input"
          value={text}
          placeholder={t('placeholder')}
          aria-label={t('placeholder')}
          maxLength={2000}
          disabled={!chat.started}
          onChange={(event) => setText(event.target.value)}
        />
        <button
          type="submit"
          className="bl-button bl-button--primary bl-button--icon"
          aria-label={t('send')}
          title={t('send')}
          disabled={!chat.started || text.trim() === ''}
        >
          <Icon name="send" />
        </button>
      </form>
    </div>
  )
}
