import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '#editor/app/api.ts'
import { keys, queryClient } from '#editor/app/query.ts'
import { Button } from '#editor/app/ui/button.tsx'
import { Dialog } from '#editor/app/ui/dialog.tsx'
import { ErrorNotice } from '#editor/app/ui/notice.tsx'
import { showToast } from '#editor/app/ui/toast.tsx'
import type { Attempt } from './chats.ts'
import { turnsOf } from './turns.ts'

/** Names a chat and keeps it: from now on the bot is to answer it like this. */
export function KeepTest({ bot, attempt, onClose }: { bot: string; attempt: Attempt; onClose: () => void }) {
  const { t } = useTranslation('simulator')
  const navigate = useNavigate()
  const form = useId()
  const turns = turnsOf(attempt.messages)
  const [name, setName] = useState(turns.find(({ user }) => user)?.user?.text.slice(0, 80) ?? '')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const keep = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await api.keepTest(bot, { name: name.trim(), conversation: attempt.id })
      await queryClient.invalidateQueries({ queryKey: keys.tests(bot) })
      showToast(t('keep.kept', { name: name.trim() }), {
        label: t('keep.open'),
        perform: () => navigate(`/bots/${bot}/tests`),
      })
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('keep.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={busy} disabled={name.trim() === ''}>
            {t('keep.yes')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={keep}>
        <label className="bl-field">
          <span className="bl-field__label">{t('keep.name')}</span>
          <input
            className="bl-input"
            value={name}
            maxLength={120}
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      </form>
      <p>{t('keep.about', { count: turns.length })}</p>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}
