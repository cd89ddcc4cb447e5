import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenChoice } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Fact } from '../publish/facts.tsx'
import { ReplayFact } from '../publish/replay-fact.tsx'
import { useReplay } from '../publish/use-replay.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import { Impact } from './impact.tsx'
import { toldAnew } from './told-anew.ts'

/**
 * What putting a version live would do now. Replies that a newer version changes must be meant; the way back to one that was live is
 * never held up.
 */
export function MoveDialog({
  bot,
  version,
  isNewer,
  onClose,
}: {
  bot: string
  version: number
  isNewer: boolean
  onClose: () => void
}) {
  const { t } = useTranslation('versions')
  const replay = useReplay(bot, isNewer ? version : null)
  const [accepted, setAccepted] = useState(false)
  const [open, setOpen] = useState<OpenChoice>('stay')
  const [busy, setBusy] = useState(false)
  const unaccepted = isNewer && replay.error === null && (!replay.done || (replay.differing.length > 0 && !accepted))
  const move = async () => {
    setBusy(true)
    try {
      await api.placeVersion(bot, version, { environment: 'live', open })
      await toldAnew(bot)
      showToast(t('move.live.done', { version }))
      onClose()
    } catch (error) {
      setBusy(false)
      showError(error)
    }
  }
  return (
    <Dialog
      title={t('move.live', { version })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={unaccepted} onClick={move}>
            {t('move.live.yes', { version })}
          </Button>
        </>
      }
    >
      <p>{t('move.about')}</p>
      <Impact bot={bot} version={version} open={open} onOpen={setOpen}>
        {isNewer && (
          <Fact title={t('publish:replay')}>
            <ReplayFact replay={replay} accepted={accepted} onAccept={setAccepted} />
          </Fact>
        )}
      </Impact>
    </Dialog>
  )
}
