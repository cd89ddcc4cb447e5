import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { canListen, listen } from './voice.ts'
import type { Words } from './words.ts'

interface Props {
  words: Words
  language: string
  input: RefObject<HTMLTextAreaElement | null>
  /** Whether files may be sent at any time. */
  files: boolean
  send(text: string): void
  attach(files: readonly File[]): void
  /** Opens the choice of a file. */
  pick(): void
  /** Says what is in the way. */
  tell(words: string): void
}

/** Where the visitor types. Enter sends, Shift+Enter makes a new line; a picture may be pasted. */
export function Composer({ words, language, input, files, send, attach, pick, tell }: Props) {
  const [text, setText] = useState('')
  const [hearing, setHearing] = useState<{ stop(): void } | null>(null)
  useEffect(() => () => hearing?.stop(), [hearing])
  const submit = (): void => {
    const trimmed = text.trim()
    if (!trimmed) return
    hearing?.stop()
    send(trimmed)
    setText('')
  }
  const speak = (): void => {
    if (hearing) {
      hearing.stop()
      return
    }
    const before = text && `${text.trimEnd()} `
    tell('')
    try {
      setHearing(
        listen(language, {
          words: (said) => setText(before + said),
          end: () => {
            setHearing(null)
            input.current?.focus()
          },
          trouble: (why) => tell(words[`voice.${why}`]),
        }),
      )
    } catch {
      tell(words['voice.failed'])
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
        input.current?.focus()
      }}
    >
      {files && (
        <button type="button" class="tool" aria-label={words.attach} title={words.attach} onClick={pick}>
          <Icon path="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.4 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7" />
        </button>
      )}
      <textarea
        ref={input}
        rows={1}
        value={text}
        maxLength={2000}
        enterkeyhint="send"
        placeholder={hearing ? words['voice.on'] : words.placeholder}
        aria-label={words.placeholder}
        onInput={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = [...(event.clipboardData?.files ?? [])]
          if (!files || pasted.length === 0) return
          event.preventDefault()
          attach(pasted)
        }}
        onKeyDown={(event) => {
          // While an input method composes (pinyin), Enter chooses a word. Safari says so by the key code only.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
          event.preventDefault()
          submit()
        }}
      />
      {canListen() && (
        <button
          type="button"
          class={`tool${hearing ? ' hearing' : ''}`}
          aria-label={words.voice}
          title={words.voice}
          aria-pressed={hearing !== null}
          onClick={speak}
        >
          <Icon path="M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3ZM6 11.5a6 6 0 0 0 12 0M12 17.5V21" />
        </button>
      )}
      <button type="submit" class="send" aria-label={words.send} disabled={!text.trim()}>
        <Icon path="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
      </button>
    </form>
  )
}
