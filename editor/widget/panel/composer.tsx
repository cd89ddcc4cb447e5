import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { Words } from './words.ts'

interface Props {
  words: Words
  input: RefObject<HTMLTextAreaElement | null>
  send(text: string): void
}

/** Where the visitor types. Enter sends, Shift+Enter makes a new line. */
export function Composer({ words, input, send }: Props) {
  const [text, setText] = useState('')
  const submit = (): void => {
    const trimmed = text.trim()
    if (!trimmed) return
    send(trimmed)
    setText('')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
        input.current?.focus()
      }}
    >
      <textarea
        ref={input}
        rows={1}
        value={text}
        maxLength={2000}
        enterkeyhint="send"
        placeholder={words.placeholder}
        aria-label={words.placeholder}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While an input method composes (pinyin), Enter chooses a word. Safari says so by the key code only.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
          event.preventDefault()
          submit()
        }}
      />
      <button type="submit" class="send" aria-label={words.send} disabled={!text.trim()}>
        <Icon path="M12 19V5M5.5 11.5 12 5l6.5 6.5" />
      </button>
    </form>
  )
}
