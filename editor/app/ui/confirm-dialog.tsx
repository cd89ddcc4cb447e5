import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorNotice } from './notice.tsx'

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({
  title,
  action,
  danger = false,
  children,
  perform,
  onClose,
}: {
  title: string
  action: string
  danger?: boolean
  children: ReactNode
  perform: () => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  // What is said at the foot of the page lies behind a modal dialog.
  const [error, setError] = useState<unknown>(null)
  const act = async () => {
    setBusy(true)
    setError(null)
    try {
      await perform()
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={act}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}
