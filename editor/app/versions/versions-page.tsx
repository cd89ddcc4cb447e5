import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { VersionView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { Time } from '../ui/time.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import { useRestore } from './use-restore.ts'
import styles from './versions.module.css'

/** What was published, which version new visitors meet, and the way back to an earlier one. */
export function VersionsPage() {
  const { t } = useTranslation('versions')
  const { bot = '' } = useParams()
  const versions = useQuery({ queryKey: keys.versions(bot), queryFn: () => api.versions(bot) })
  const preview = useQuery({ queryKey: keys.publishPreview(bot), queryFn: () => api.publishPreview(bot) })
  const [asked, setAsked] = useState<VersionView | null>(null)
  useEffect(() => setPageTitle(t('title')), [t])
  const list = [...(versions.data ?? [])].sort((a, b) => b.version - a.version)
  const current = list.find((version) => version.current)
  const restore = useRestore(bot)
  const changed = preview.data
    ? Object.values(preview.data.changedBlocks).reduce((sum, blocks) => sum + blocks.length, 0)
    : null

  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
        <Link className="bl-button bl-button--quiet" to={`/bots/${bot}/versions?publish=1`}>
          {t('publish')}
        </Link>
      </header>
      {versions.error && <ErrorNotice error={versions.error} onRetry={() => versions.refetch()} />}
      {versions.isPending && <div className="bl-skeleton" style={{ height: 240 }} />}
      {versions.data && (
        <ol className={styles.list}>
          {list.length > 0 && (
            <li className={styles.version} data-draft>
              <span className={styles.number}>{t('draft')}</span>
              <div className={styles.body}>
                <span className={styles.note}>
                  {changed === 0 ? t('draft.same') : changed !== null && t('draft.changed', { count: changed })}
                </span>
              </div>
              <div className={styles.actions}>
                {current && <CompareLink bot={bot} pair={`${current.version}..draft`} />}
              </div>
            </li>
          )}
          {list.map((version, index) => (
            <li key={version.version} className={styles.version} data-current={version.current || undefined}>
              <span className={styles.number}>v{version.version}</span>
              <div className={styles.body}>
                <span className={styles.note}>{version.note || t('no-note')}</span>
                <span className={styles.facts}>
                  <Time iso={version.createdAt} />
                  {version.accuracy !== null && ` · ${t('understood', { share: percent(version.accuracy) })}`}
                  {` · ${t('labels', { count: version.labels })}`}
                  {version.openConversations > 0 && ` · ${t('open', { count: version.openConversations })}`}
                </span>
              </div>
              <div className={styles.actions}>
                {index < list.length - 1 && (
                  <CompareLink bot={bot} pair={`${list[index + 1]!.version}..${version.version}`} />
                )}
                <Button
                  size="small"
                  variant="plain"
                  icon="restart"
                  title={t('restore', { version: version.version })}
                  aria-label={t('restore', { version: version.version })}
                  disabled={!restore.ready}
                  onClick={() => restore.perform(version.version)}
                >
                  {t('restore.short')}
                </Button>
                {version.current ? (
                  <span className="bl-tag bl-tag--ok">{t('current')}</span>
                ) : (
                  <Button size="small" icon="history" onClick={() => setAsked(version)}>
                    {t('roll-back')}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      {list.length === 0 && versions.data && (
        <div className="bl-empty">
          <p>{t('empty')}</p>
          <Link className="bl-button bl-button--primary" to={`/bots/${bot}/versions?publish=1`}>
            {t('publish')}
          </Link>
        </div>
      )}
      {asked && <RollBackDialog bot={bot} version={asked} onClose={() => setAsked(null)} />}
    </div>
  )
}

function CompareLink({ bot, pair }: { bot: string; pair: string }) {
  const { t } = useTranslation('versions')
  return (
    <Link className="bl-button bl-button--plain bl-button--small" to={`/bots/${bot}/versions/${pair}`}>
      {t('compare.see')}
    </Link>
  )
}

function RollBackDialog({ bot, version, onClose }: { bot: string; version: VersionView; onClose: () => void }) {
  const { t } = useTranslation('versions')
  const [busy, setBusy] = useState(false)
  const rollBack = async () => {
    setBusy(true)
    try {
      await api.makeCurrent(bot, version.version)
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.versions(bot) }),
        queryClient.invalidateQueries({ queryKey: keys.bots }),
        queryClient.invalidateQueries({ queryKey: keys.publishPreview(bot) }),
      ])
      showToast(t('rolled-back', { version: version.version }))
      onClose()
    } catch (error) {
      setBusy(false)
      showError(error)
    }
  }
  return (
    <Dialog
      title={t('roll-back.title', { version: version.version })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={rollBack}>
            {t('roll-back.yes', { version: version.version })}
          </Button>
        </>
      }
    >
      <p>{t('roll-back.about')}</p>
    </Dialog>
  )
}
