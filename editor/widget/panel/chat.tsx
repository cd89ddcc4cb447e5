import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatClient } from '../client/client.ts'
import { Message } from './message.tsx'
import type { Words } from './words.ts'

interface Props {
  client: ChatClient
  words: Words
  open: boolean
  close(): void
}

export function Chat({ client, words, open, close }: Props) {
  const [, redraw] = useState(0)
  const [text, setText] = useState('')
  const log = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const { messages, status, error } = client.getState()

  useEffect(() => client.subscribe(() => redraw((n) => n + 1)), [client])
  useEffect(() => {
    if (!open) return
    void client.open()
    input.current?.focus()
  }, [open, client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added below, its end comes into view
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [messages.length, status, open])

  const submit = (): void => {
    const trimmed = text.trim()
    if (!trimmed) return
    client.send({ text: trimmed })
    setText('')
  }
  const lastUser = messages.findLastIndex((message) => message.role === 'user')
  const waiting = status === 'waiting' || status === 'opening'

  return (
    <section
      class="panel"
      role="dialog"
      aria-label={words.title}
      hidden={!open}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <header>
        <span class="mark" aria-hidden="true">
          <Icon path="M5 9v6M9.7 9v6M14.3 9v6M19 9v6M4 14c3 0 3-4 6-4s3 4 6 4 2.5-2 4-2.6" />
        </span>
        <h2>{words.title}</h2>
        <button
          type="button"
          class="tool"
          aria-label={words.restart}
          title={words.restart}
          onClick={() => void client.restart()}
        >
          <Icon path="M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4" />
        </button>
        <button type="button" class="tool" aria-label={words.close} title={words.close} onClick={close}>
          <Icon path="M6 6l12 12M18 6 6 18" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="log" role="log" aria-live="polite" aria-label={words.log} tabIndex={0} ref={log}>
        {messages.map((message, i) => (
          <Message
            key={message.id}
            message={message}
            turn={messages[i - 1]?.role !== message.role}
            live={i > lastUser && !waiting}
            words={words}
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
              <span class="sr">{words.typing}</span>
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
          {error ? `${error.message} ${error.remedy}` : words.failed}{' '}
          {status === 'failed' && (
            <button type="button" onClick={() => void client.open()}>
              {words.retry}
            </button>
          )}
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <textarea
          ref={input}
          rows={1}
          value={text}
          maxLength={2000}
          placeholder={words.placeholder}
          aria-label={words.placeholder}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // While an input method composes (pinyin), Enter chooses a word and must not send.
            if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
              event.preventDefault()
              submit()
            }
          }}
        />
        <button type="submit" class="send" aria-label={words.send} disabled={!text.trim()}>
          <Icon path="M4 12 20 4l-5 16-4-6-7-2Z" />
        </button>
      </form>
    </section>
  )
}

function Icon({ path }: { path: string }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  )
}
