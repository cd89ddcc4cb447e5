import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'

/** The name that visitors and colleagues see of who is signed in. */
export function NameDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const me = useQuery({ queryKey: keys.me, queryFn: api.me, staleTime: Number.POSITIVE_INFINITY })
  const [typed, setTyped] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const name = typed ?? me.data?.user.name ?? ''
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      queryClient.setQueryData(keys.me, await api.rename(name.trim()))
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('your-name')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form="bl-your-name" busy={busy} disabled={name.trim() === ''}>
            {t('your-name.save')}
          </Button>
        </>
      }
    >
      <form id="bl-your-name" onSubmit={save}>
        <label className="bl-field">
          <span className="bl-field__label">{t('your-name.about')}</span>
          <input
            className="bl-input"
            value={name}
            maxLength={60}
            autoComplete="name"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      </form>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}
