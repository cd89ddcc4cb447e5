import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { VersionView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { Time } from '../ui/time.tsx'
import { percent } from '../ui/words.ts'
import { ExperimentCard } from './experiment-card.tsx'
import { ExperimentHistory } from './experiment-history.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { StartExperimentDialog } from './start-experiment-dialog.tsx'
import { StopExperimentDialog } from './stop-experiment-dialog.tsx'
import { TestPlace } from './test-place.tsx'
import { usePutOnTest } from './use-put-on-test.ts'
import { useRestore } from './use-restore.ts'
import { VersionBadges } from './version-badges.tsx'
import styles from './versions.module.css'

/** What was published, which version new visitors meet, and the way back to an earlier one. */
export function VersionsPage() {
  const { t } = useTranslation('versions')
  const { bot = '' } = useParams()
  const versions = useQuery({ queryKey: keys.versions(bot), queryFn: () => api.versions(bot) })
  const preview = useQuery({
    queryKey: [...keys.publishPreview(bot), 'live'],
    queryFn: () => api.publishPreview(bot, 'live'),
  })
  const places = useQuery({ queryKey: keys.environments(bot), queryFn: () => api.environments(bot) })
  const experiments = useQuery({ queryKey: keys.experiments(bot), queryFn: () => api.experiments(bot) })
  const running = experiments.data?.find(({ ended }) => ended === null)
  const [dialog, setDialog] = useState<'start' | 'stop' | null>(null)
  const putOnTest = usePutOnTest(bot)
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
        <div className={styles.actions}>
          {list.length > 1 && current && experiments.data && !running && (
            <Button icon="compare" onClick={() => setDialog('start')}>
              {t('ab.start')}
            </Button>
          )}
          <Link className="bl-button bl-button--quiet" to={`/bots/${bot}/versions?publish=1`}>
            {t('publish')}
          </Link>
        </div>
      </header>
      {running && <ExperimentCard experiment={running} onStop={() => setDialog('stop')} />}
      {places.data && list.length > 0 && <TestPlace bot={bot} places={places.data} />}
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
                <span className={styles.note}>
                  {version.note || t('no-note')} <VersionBadges version={version} />
                </span>
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
                {!version.onTest && (
                  <Button
                    size="small"
                    variant="plain"
                    busy={putOnTest.busy === version.version}
                    aria-label={`${t('to-test')}: v${version.version}`}
                    onClick={() => putOnTest.perform(version.version)}
                  >
                    {t('to-test')}
                  </Button>
                )}
                {!version.current && (
                  <Button
                    size="small"
                    icon={version.version > (current?.version ?? 0) ? 'publish' : 'history'}
                    disabled={running !== undefined}
                    onClick={() => setAsked(version)}
                  >
                    {t(version.version > (current?.version ?? 0) ? 'promote' : 'roll-back')}
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
      {experiments.data && <ExperimentHistory experiments={experiments.data.filter(({ ended }) => ended !== null)} />}
      {asked && (
        <MoveDialog
          bot={bot}
          version={asked.version}
          isNewer={asked.version > (current?.version ?? 0)}
          onClose={() => setAsked(null)}
        />
      )}
      {dialog === 'start' && current && (
        <StartExperimentDialog bot={bot} live={current.version} versions={list} onClose={() => setDialog(null)} />
      )}
      {dialog === 'stop' && running && (
        <StopExperimentDialog bot={bot} experiment={running} onClose={() => setDialog(null)} />
      )}
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
