import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showError } from '../ui/toast.tsx'

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
  const act = async () => {
    setBusy(true)
    try {
      await perform()
      onClose()
    } catch (error) {
      showError(error)
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
    </Dialog>
  )
}
