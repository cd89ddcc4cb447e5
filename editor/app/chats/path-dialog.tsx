import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { TrafficCanvas } from '#editor/canvas/traffic-canvas.tsx'
import type { Trace, VersionDocument } from '#server/api/dto.ts'
import { Dialog } from '../ui/dialog.tsx'
import styles from './log.module.css'

/** The way of a turn on the canvas of the version that talked, its stops numbered. In a file of its own: the canvas comes with it. */
export function PathDialog({
  bot,
  walked,
  path,
  block,
  onClose,
}: {
  bot: string
  walked: VersionDocument
  path: Trace['path']
  /** The block that is looked at first; null for the whole way. */
  block: string | null
  onClose: () => void
}) {
  const { t } = useTranslation('chats')
  const [picked, setPicked] = useState(block)
  const wires = useMemo(() => walkedWires(walked, path), [walked, path])
  const blocks = useMemo(
    () =>
      Object.fromEntries(
        path.map(({ node }) => {
          const words = path.flatMap((step, index) => (step.node === node ? index + 1 : [])).join(' · ')
          return [node, { words, short: words, lost: null }]
        }),
      ),
    [path],
  )
  const alive = useMemo(() => new Set(path.map(({ node }) => node)), [path])
  const { version } = walked
  return (
    <Dialog
      wide
      title={t('path', { version })}
      onClose={onClose}
      footer={
        picked !== null && (
          <Link to={`/bots/${bot}/canvas?side=block&block=${encodeURIComponent(picked)}`}>{t('path.draft')}</Link>
        )
      }
    >
      <div className={styles.path}>
        <TrafficCanvas
          side={walked}
          wires={wires}
          blocks={blocks}
          alive={alive}
          picked={picked}
          onPick={setPicked}
          label={t('path', { version })}
        />
      </div>
    </Dialog>
  )
}

function walkedWires({ document }: VersionDocument, path: Trace['path']) {
  const wires: Record<string, { weight: number; lost: number; title: string }> = {}
  for (const [index, { node }] of path.entries()) {
    const before = path[index - 1]
    const wire = Object.values(document.edges).find(
      ({ from, to }) => to.node === node && from.node === before?.node && from.port === before.port,
    )
    if (wire) wires[wire.id] = { weight: 0.25, lost: 0, title: '' }
  }
  return wires
}
