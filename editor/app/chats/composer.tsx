import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { showError } from '../ui/toast.tsx'
import { answers } from './answers.ts'
import { CannedPicker } from './canned-picker.tsx'
import styles from './composer.module.css'
import type { Holder } from './holder.ts'
import { type Mode, unsentText } from './unsent-text.ts'
import { useChatChange } from './use-chat-change.ts'
import { useMedia } from './use-media.ts'

const longest = 4000

/** Where an agent answers the visitor or leaves a note to colleagues; says who has the chat where it is not the agent. */
export function Composer({ chat, holder, focus }: { chat: ChatDetail; holder: Holder; focus: boolean }) {
  const { t } = useTranslation('chats')
  const [mode, setMode] = useState<Mode>('answer')
  const [texts, setTexts] = useState(() => ({
    answer: unsentText.read(chat.id, 'answer'),
    note: unsentText.read(chat.id, 'note'),
  }))
  const [isNoting, setNoting] = useState(false)
  const [canned, setCanned] = useState<'button' | 'slash' | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const phone = useMedia('(max-width: 760px)')
  const { busy, change: changeChat } = useChatChange(chat.id)

  const text = texts[mode]
  const mayAnswer = holder === 'me' || holder === 'nobody'
  const mayWrite = mode === 'note' || mayAnswer
  const maySend = mayWrite && text.trim() !== '' && !isNoting

  useEffect(() => {
    if (focus && !phone) field.current?.focus()
  }, [focus, phone])

  const write = (words: string, to: Mode = mode) => {
    setTexts((before) => ({ ...before, [to]: words }))
    unsentText.write(chat.id, to, words)
  }
  const put = (words: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    write(text.slice(0, selectionStart) + words + text.slice(selectionEnd))
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(selectionStart + words.length, selectionStart + words.length)
    })
  }
  const send = async () => {
    if (!maySend) return
    const words = text.trim()
    if (mode === 'answer') {
      write('')
      void answers.send(chat.id, words)
      return
    }
    setNoting(true)
    try {
      const note = await api.addNote(chat.id, words)
      queryClient.setQueryData<ChatDetail>(
        keys.chat(chat.id),
        (before) => before && { ...before, notes: [...before.notes.filter(({ id }) => id !== note.id), note] },
      )
      write('', 'note')
    } catch (error) {
      showError(error)
    } finally {
      setNoting(false)
    }
  }
  const take = async () => {
    if (await changeChat('take', () => api.takeChat(chat.id))) field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Some browsers end a composition before they tell of its last key; 229 is how they mark it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    }
    if (event.key === '/' && mode === 'answer' && mayAnswer && text === '') {
      event.preventDefault()
      setCanned('slash')
    }
  }
  const name = chat.assignee?.name ?? ''
  return (
    <div className={styles.composer} data-mode={mode}>
      {holder !== 'me' && mode === 'answer' && (
        <div className={styles.holder} role="status">
          <p>{t(`composer.${holder}`, { name })}</p>
          <Button
            size="small"
            variant={holder === 'bot' || holder === 'nobody' ? 'primary' : 'quiet'}
            busy={busy === 'take'}
            onClick={() => void take()}
          >
            {holder === 'colleague' ? t('take.from', { name }) : t('take')}
          </Button>
        </div>
      )}
      <div className={styles.box}>
        <textarea
          ref={field}
          rows={2}
          value={text}
          maxLength={longest}
          readOnly={!mayWrite || isNoting}
          aria-label={t(`write.${mode}`)}
          placeholder={mayWrite ? t(`write.${mode}.hint`) : t('write.closed')}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles.tools}>
          <div className={styles.modes} role="radiogroup" aria-label={t('mode')}>
            {(['answer', 'note'] as const).map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name={`mode ${chat.id}`}
                  className="bl-sr-only"
                  checked={mode === one}
                  onChange={() => setMode(one)}
                />
                {t(`mode.${one}`)}
              </label>
            ))}
          </div>
          {mode === 'answer' && (
            <Button
              size="small"
              variant="plain"
              icon="keep"
              className={styles.prepared}
              aria-haspopup="dialog"
              aria-expanded={canned !== null}
              disabled={!mayAnswer}
              onClick={() => setCanned('button')}
            >
              <span>{t('canned')}</span>
            </Button>
          )}
          <span className={styles.keys}>{t('keys')}</span>
          <Button variant="primary" size="small" disabled={!maySend} busy={isNoting} onClick={() => void send()}>
            {t(`send.${mode}`)}
          </Button>
        </div>
      </div>
      {canned && (
        <CannedPicker
          chat={chat}
          above={field}
          onPick={(words) => {
            setCanned(null)
            put(words)
          }}
          onClose={() => {
            setCanned(null)
            // Somebody may just have wanted to write a slash.
            if (canned === 'slash') put('/')
            else field.current?.focus()
          }}
        />
      )}
    </div>
  )
}
