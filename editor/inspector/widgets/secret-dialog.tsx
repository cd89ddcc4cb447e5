import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { keys, queryClient } from '#editor/app/query.ts'
import { Button } from '#editor/app/ui/button.tsx'
import { Dialog } from '#editor/app/ui/dialog.tsx'
import { ErrorNotice } from '#editor/app/ui/notice.tsx'

/** A new secret, or new words for one: they go to the server and never come back. */
export function SecretDialog(props: {
  bot: string
  /** Empty: a new one. */
  name: string
  host: string
  taken: readonly string[]
  onClose: () => void
  onSaved: (name: string) => void
  onRemoved: () => void
}) {
  const { bot, taken, onClose, onSaved, onRemoved } = props
  const { t } = useTranslation('inspector')
  const [name, setName] = useState(props.name)
  const [host, setHost] = useState(props.host)
  const [words, setWords] = useState('')
  const [sure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const isNew = props.name === ''
  const exists = taken.includes(props.name)

  const carryOut = async (act: () => Promise<void>, done: () => void) => {
    setBusy(true)
    setError(null)
    try {
      await act()
      await queryClient.invalidateQueries({ queryKey: keys.secrets(bot) })
      done()
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const given = { host: bareHost(host), value: words }
    void carryOut(
      () => api.putSecret(bot, name.trim(), given),
      () => onSaved(name.trim()),
    )
  }
  const whole = /^[\p{L}\p{N}_.-]{1,60}$/u.test(name.trim()) && bareHost(host) !== '' && words !== ''
  return (
    <Dialog
      title={t(isNew ? 'secret.title.new' : 'secret.title', { name: props.name })}
      onClose={onClose}
      footer={
        <>
          {exists && (
            <Button
              variant="danger"
              busy={busy && sure}
              onClick={() => (sure ? void carryOut(() => api.removeSecret(bot, props.name), onRemoved) : setSure(true))}
            >
              {t(sure ? 'secret.remove.sure' : 'secret.remove')}
            </Button>
          )}
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" type="submit" form="bl-secret" busy={busy && !sure} disabled={!whole}>
            {t('secret.save')}
          </Button>
        </>
      }
    >
      <form id="bl-secret" className="bl-insp-secret" onSubmit={save} autoComplete="off">
        <p>{t('secret.about')}</p>
        {isNew && (
          <label className="bl-field">
            <span className="bl-field__label">{t('secret.name')}</span>
            <input className="bl-input" value={name} maxLength={60} onChange={({ target }) => setName(target.value)} />
            <span className="bl-field__help">
              {t(taken.includes(name.trim()) ? 'secret.name.taken' : 'secret.name.help')}
            </span>
          </label>
        )}
        <label className="bl-field">
          <span className="bl-field__label">{t('secret.host')}</span>
          <input
            className="bl-input"
            value={host}
            maxLength={300}
            placeholder="api.shop.example"
            onChange={({ target }) => setHost(target.value)}
          />
          <span className="bl-field__help">{t('secret.host.help')}</span>
        </label>
        <label className="bl-field">
          <span className="bl-field__label">{t('secret.words')}</span>
          <input
            className="bl-input"
            type="password"
            autoComplete="new-password"
            value={words}
            maxLength={8_000}
            onChange={({ target }) => setWords(target.value)}
          />
        </label>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

/** The host of what a person pasted, be it a whole address. */
function bareHost(text: string): string {
  const address = text.trim().includes('://') ? text.trim() : `https://${text.trim()}`
  return text.trim() !== '' && URL.canParse(address) ? new URL(address).host : ''
}
