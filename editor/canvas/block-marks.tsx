import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { useMe, usePeersOn } from '#editor/document/presence.ts'
import { useDraft } from '#editor/document/store.ts'
import './block-marks.css'

/** What others do to a block: the ring of whoever has picked it, and a mark where two values of it clash. */
export function BlockMarks({ id }: { id: string }) {
  const { t } = useTranslation('canvas')
  const me = useMe()
  const peers = usePeersOn(id)
  const clashes = useDraft((state) => state.clashes.some(({ record }) => record === `nodes/${id}`))
  const [first] = peers
  return (
    <>
      {first && (
        <span className="bl-peer-ring" data-peer={first.colour}>
          <span className="bl-peer-ring__names">
            {peers.map((peer) => (peer.user === me ? t('bot:people.me') : peer.name)).join(', ')}
          </span>
        </span>
      )}
      {clashes && (
        <span className="bl-clash-mark" role="img" title={t('clash.mark')} aria-label={t('clash.mark')}>
          <Icon name="warning" size={14} />
        </span>
      )}
    </>
  )
}
