import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'

/** A bot from a file that was downloaded here or elsewhere; it opens on its canvas, or says what is wrong with the file. */
export function ImportBot({ large = false }: { large?: boolean }) {
  const { t } = useTranslation('home')
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ name: string; error: unknown } | null>(null)
  const choose = () => input.current?.click()
  const take = async (file: File) => {
    setBusy(true)
    setFailed(null)
    try {
      const bot = await api.importBot(file)
      await queryClient.invalidateQueries({ queryKey: keys.bots })
      showToast(t('import.done', { name: bot.name }))
      navigate(`/bots/${bot.id}/canvas`)
    } catch (error) {
      setFailed({ name: file.name, error })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={t('import')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          // The same file may be chosen again after it was mended.
          event.target.value = ''
          if (file) void take(file)
        }}
      />
      <Button size={large ? 'large' : undefined} icon="upload" busy={busy} onClick={choose}>
        {t('import')}
      </Button>
      {failed && (
        <Dialog
          title={t('import.failed', { name: failed.name })}
          onClose={() => setFailed(null)}
          footer={
            <>
              <Button onClick={() => setFailed(null)}>{t('app:cancel')}</Button>
              <Button
                variant="primary"
                onClick={() => {
                  setFailed(null)
                  choose()
                }}
              >
                {t('import.other')}
              </Button>
            </>
          }
        >
          <ErrorNotice error={failed.error} />
          <p>{t('import.nothing')}</p>
        </Dialog>
      )}
    </>
  )
}
