import { type FormEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatTest, ChatTestTurn } from '#server/api/dto.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { anything, toPieces, toText } from './anything.ts'
import styles from './tests.module.css'

/** A test's name, its visitor's words, and what the bot is to say, with the places where anything may stand. */
export function EditTest({
  test,
  onSave,
  onClose,
}: {
  test: ChatTest
  onSave: (test: ChatTest) => Promise<void>
  onClose: () => void
}) {
  const { t } = useTranslation('tests')
  const form = useId()
  const [name, setName] = useState(test.name)
  const [turns, setTurns] = useState(test.turns)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const change = (index: number, part: Partial<ChatTestTurn>) =>
    setTurns((all) => all.map((turn, at) => (at === index ? { ...turn, ...part } : turn)))
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await onSave({ ...test, name: name.trim(), turns })
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      wide
      title={t('edit.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={busy} disabled={name.trim() === ''}>
            {t('edit.save')}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.edit} onSubmit={save}>
        <label className="bl-field">
          <span className="bl-field__label">{t('edit.name')}</span>
          <input className="bl-input" value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
        </label>
        <p className={styles.hint}>{t('edit.hint', { anything })}</p>
        <ol>
          {turns.map((turn, index) => (
            <EditTurn key={index} turn={turn} number={index + 1} onChange={(part) => change(index, part)} />
          ))}
        </ol>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

function EditTurn({
  turn,
  number,
  onChange,
}: {
  turn: ChatTestTurn
  number: number
  onChange: (part: Partial<ChatTestTurn>) => void
}) {
  const { t } = useTranslation('tests')
  const { user, replies } = turn
  const setReply = (at: number, text: string | null) =>
    onChange({
      replies: replies.flatMap((reply, index) =>
        index !== at ? [reply] : text === null ? [] : [{ pieces: toPieces(text) }],
      ),
    })
  return (
    <li>
      {user &&
        (user.choice ? (
          <p className={styles.user}>{t('edit.click', { text: user.text || user.choice.value })}</p>
        ) : (
          <input
            className="bl-input"
            value={user.text}
            maxLength={2000}
            aria-label={t('edit.user', { number })}
            onChange={({ target }) => onChange({ user: { text: target.value } })}
          />
        ))}
      {replies.map(({ pieces }, at) => (
        <EditReply
          key={at}
          text={toText(pieces)}
          label={t('edit.reply', { number, reply: at + 1 })}
          onChange={(text) => setReply(at, text)}
        />
      ))}
      <div className={styles.answers}>
        <Button
          size="small"
          variant="plain"
          icon="plus"
          onClick={() => onChange({ replies: [...replies, { pieces: [''] }] })}
        >
          {t('edit.add')}
        </Button>
        <label className={styles.free}>
          <input
            type="checkbox"
            checked={turn.others ?? false}
            onChange={({ target }) => onChange({ others: target.checked })}
          />
          {t('edit.others')}
        </label>
      </div>
    </li>
  )
}

function EditReply({
  text,
  label,
  onChange,
}: {
  text: string
  label: string
  onChange: (text: string | null) => void
}) {
  const { t } = useTranslation('tests')
  const area = useRef<HTMLTextAreaElement>(null)
  const mark = () => {
    const { selectionStart: from, selectionEnd: to } = area.current ?? { selectionStart: 0, selectionEnd: text.length }
    onChange(text.slice(0, from) + anything + text.slice(to))
    area.current?.focus()
  }
  return (
    <div className={styles.editReply}>
      <textarea
        ref={area}
        className="bl-textarea"
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        maxLength={4000}
        aria-label={label}
        onChange={({ target }) => onChange(target.value)}
      />
      <div>
        <Button size="small" variant="plain" title={t('edit.anything.about')} onClick={mark}>
          {anything} {t('edit.anything')}
        </Button>
        <IconButton size="small" icon="trash" label={t('edit.remove')} onClick={() => onChange(null)} />
      </div>
    </div>
  )
}
