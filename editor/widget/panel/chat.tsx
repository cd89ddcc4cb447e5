import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatClient } from '../client/client.ts'
import { Composer } from './composer.tsx'
import { Icon } from './icon.tsx'
import { Message } from './message.tsx'
import { usePace } from './use-pace.ts'
import type { Words } from './words.ts'

interface Props {
  client: ChatClient
  words: Words
  open: boolean
  close(): void
}

export function Chat({ client, words, open, close }: Props) {
  const [, redraw] = useState(0)
  const [sure, setSure] = useState(false)
  const log = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const { messages, history, status, error } = client.getState()
  const { shown, typing } = usePace(messages, history)
  const waiting = typing || status === 'waiting' || status === 'opening'

  useEffect(() => client.subscribe(() => redraw((n) => n + 1)), [client])
  useEffect(() => {
    if (!open) return
    void client.open()
    input.current?.focus()
  }, [open, client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added below, its end comes into view
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [shown.length, status, open])

  const lastUser = messages.findLastIndex((message) => message.role === 'user')

  return (
    <section
      class="panel"
      role="dialog"
      aria-label={words.title}
      hidden={!open}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.isComposing) close()
      }}
    >
      <header>
        <span class="mark" aria-hidden="true">
          <Icon path="M20 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.4A8 8 0 1 1 20 11.5ZM9 10.5c1.5 0 1.5 2 3 2s1.5-2 3-2" />
        </span>
        <h2>{words.title}</h2>
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
      <Composer words={words} input={input} send={(text) => client.send({ text })} />
    </section>
  )
}
