import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CannedReply } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import styles from './canned.module.css'

/** Being written: one that there is, or a new one. */
type Edited = Omit<CannedReply, 'id'> & { id: string | null }

/** All prepared answers, to add, change and delete. */
export function CannedDialog({ replies, onClose }: { replies: readonly CannedReply[]; onClose: () => void }) {
  const { t } = useTranslation('chats')
  const [edited, setEdited] = useState<Edited | null>(replies.length === 0 ? blank : null)
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.canned })
  const remove = async (reply: CannedReply) => {
    try {
      await api.deleteCannedReply(reply.id)
      await refresh()
      showToast(t('canned.deleted', { name: reply.title }), {
        label: t('canned.undo'),
        perform: () => void api.addCannedReply({ title: reply.title, text: reply.text }).then(refresh, showError),
      })
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Dialog title={t('canned.title')} onClose={onClose} wide>
      {edited ? (
        <ReplyForm
          key={edited.id}
          reply={edited}
          onSaved={async () => {
            await refresh()
            setEdited(null)
          }}
          onCancel={() => (replies.length === 0 ? onClose() : setEdited(null))}
        />
      ) : (
        <>
          <ul className={styles.replies}>
            {replies.map((reply) => (
              <li key={reply.id}>
                <div>
                  <strong>{reply.title}</strong>
                  <p>{reply.text}</p>
                </div>
                <IconButton
                  size="small"
                  icon="pencil"
                  label={t('canned.edit', { name: reply.title })}
                  onClick={() => setEdited(reply)}
                />
                <IconButton
                  size="small"
                  icon="trash"
                  label={t('canned.delete', { name: reply.title })}
                  onClick={() => void remove(reply)}
                />
              </li>
            ))}
          </ul>
          <div>
            <Button icon="plus" autoFocus onClick={() => setEdited(blank)}>
              {t('canned.add')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

const blank: Edited = { id: null, title: '', text: '' }

function ReplyForm({
  reply,
  onSaved,
  onCancel,
}: {
  reply: Edited
  onSaved: () => Promise<void>
  onCancel: () => void
}) {
  const { t } = useTranslation('chats')
  const words = useId()
  const help = useId()
  const [title, setTitle] = useState(reply.title)
  const [text, setText] = useState(reply.text)
  const [busy, setBusy] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const written = { title: title.trim(), text: text.trim() }
      await (reply.id === null ? api.addCannedReply(written) : api.changeCannedReply({ id: reply.id, ...written }))
      await onSaved()
    } catch (error) {
      showError(error)
      setBusy(false)
    }
  }
  return (
    <form className={styles.form} onSubmit={save}>
      <label className="bl-field">
        <span className="bl-field__label">{t('canned.name')}</span>
        <input
          className="bl-input"
          value={title}
          maxLength={80}
          // biome-ignore lint/a11y/noAutofocus: the form replaces the list that was pressed
          autoFocus
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <div className="bl-field">
        <label className="bl-field__label" htmlFor={words}>
          {t('canned.text')}
        </label>
        <textarea
          id={words}
          className="bl-textarea"
          value={text}
          maxLength={4000}
          aria-describedby={help}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="bl-field__help" id={help}>
          {t('canned.help', { place: '{{name}}' })}
        </span>
      </div>
      <footer>
        <Button onClick={onCancel}>{t('app:cancel')}</Button>
        <Button type="submit" variant="primary" busy={busy} disabled={title.trim() === '' || text.trim() === ''}>
          {t('canned.save')}
        </Button>
      </footer>
    </form>
  )
}
