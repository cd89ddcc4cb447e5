import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatClient } from '../client/client.ts'
import type { WidgetLook } from '../control.ts'
import { pick } from '../pick.ts'
import { Avatar } from './avatar.tsx'
import { Composer } from './composer.tsx'
import { Icon } from './icon.tsx'
import { Message } from './message.tsx'
import { usePace } from './use-pace.ts'
import type { Words } from './words.ts'

interface Props {
  client: ChatClient
  words: Words
  language: string
  look: WidgetLook
  /** Bytes that a file may have; 0 where that is not known. */
  limit: number
  open: boolean
  /** The visitor opened it, and types next. */
  focus: boolean
  close(): void
}

export function Chat({ client, words, language, look, limit, open, focus, close }: Props) {
  const [, redraw] = useState(0)
  const [sure, setSure] = useState(false)
  const [trouble, setTrouble] = useState('')
  const picker = useRef<HTMLInputElement>(null)
  const log = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const { messages, history, status, error } = client.getState()
  const { shown, typing } = usePace(messages, history)
  const waiting = typing || status === 'waiting' || status === 'opening'

  useEffect(() => client.subscribe(() => redraw((n) => n + 1)), [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: how it was opened counts once, when it is
  useEffect(() => {
    if (!open) return
    void client.open()
    if (focus) input.current?.focus()
  }, [open, client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added below, its end comes into view
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [shown.length, status, open])

  const lastUser = messages.findLastIndex((message) => message.role === 'user')

  const title = pick(look.title, language) || words.title
  const greeting = pick(look.greeting, language)
  const attach = (files: readonly File[]): void => {
    setTrouble('')
    for (const file of files)
      if (limit > 0 && file.size > limit)
        setTrouble(words.tooLarge.replace('{n}', String(Math.floor(limit / 1_048_576))))
      else client.send({ file })
  }

  return (
    <section
      class="panel"
      role="dialog"
      aria-label={title}
      hidden={!open}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) close()
      }}
    >
      <header>
        <span class="mark" aria-hidden="true">
          <Avatar avatar={look.avatar ?? ''} />
        </span>
        <div class="name">
          <h2>{title}</h2>
          {greeting && <p>{greeting}</p>}
        </div>
        <button
          type="button"
          class="tool"
          aria-label={words.restart}
          title={words.restart}
          disabled={lastUser < 0}
          onClick={() => setSure(true)}
        >
          <Icon path="M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4" />
        </button>
        <button type="button" class="tool" aria-label={words.close} title={words.close} onClick={close}>
          <Icon path="M6 6l12 12M18 6 6 18" />
        </button>
      </header>
      {sure && (
        <div class="bar ask" role="alert">
          <p>{words['restart.sure']}</p>
          <button
            type="button"
            onClick={() => {
              setSure(false)
              void client.restart()
              input.current?.focus()
            }}
          >
            {words['restart.yes']}
          </button>
          <button type="button" onClick={() => setSure(false)}>
            {words['restart.no']}
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="log" role="log" aria-live="polite" aria-label={words.log} tabIndex={0} ref={log}>
        {shown.map((message, i) => (
          <Message
            key={message.id}
            message={message}
            turn={shown[i - 1]?.role !== message.role || shown[i - 1]?.author !== message.author}
            live={i > lastUser && !waiting}
            words={words}
            client={client}
            pick={() => picker.current?.click()}
            choose={(block, value, label) => {
              client.send({ choice: { block, value }, label })
              input.current?.focus()
            }}
          />
        ))}
        {waiting && (
          <div class="row bot turn">
            <div class="bubble dots">
              <i />
              <i />
              <i />
              <span class="sr">{status === 'opening' ? words.opening : words.typing}</span>
            </div>
          </div>
        )}
      </div>
      {status === 'offline' && (
        <div class="bar" role="status">
          {words.offline}
        </div>
      )}
      {(status === 'failed' || error) && (
        <div class="bar" role="alert">
          <p>{error?.message ? `${error.message} ${error.remedy}` : words.failed}</p>
          {status === 'failed' && (
            <button type="button" onClick={() => void client.open()}>
              {words.retry}
            </button>
          )}
        </div>
      )}
      {trouble && (
        <div class="bar" role="alert">
          {trouble}
        </div>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        onChange={(event) => {
          attach([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
          input.current?.focus()
        }}
      />
      <Composer
        {...{ words, language, input, attach }}
        files={look.files !== false}
        pick={() => picker.current?.click()}
        send={(text) => {
          setTrouble('')
          client.send({ text })
        }}
        tell={setTrouble}
      />
    </section>
  )
}
