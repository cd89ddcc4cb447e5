import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { AllowedSites } from './allowed-sites.tsx'
import styles from './embed.module.css'
import { LookPart } from './look-part.tsx'
import { Snippet } from './snippet.tsx'
import { VisitorsPart } from './visitors-part.tsx'

export type ChangeWho = (
  change: Partial<Pick<BotDetail, 'origins' | 'allowServerCallers' | 'look' | 'verifiedOnly'>>,
) => Promise<boolean>

const tabs = ['install', 'look', 'visitors'] as const

/** How the bot gets onto a web page, and who may talk to it there. Each change counts at once, without publishing. */
export function EmbedDialog({ bot, onClose }: { bot: string; onClose: () => void }) {
  const { t } = useTranslation('embed')
  const id = useId()
  const detail = useQuery({ queryKey: keys.bot(bot), queryFn: () => api.bot(bot), staleTime: 0 })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  // The messages at the foot of the page lie behind a modal dialog; what was done is said inside of it.
  const [said, setSaid] = useState('')

  const [tab, setTab] = useState<(typeof tabs)[number]>('install')

  const change: ChangeWho = (what) => work(() => api.changeBot(bot, what))
  const work = async (what: () => Promise<BotDetail>) => {
    setBusy(true)
    setError(null)
    setSaid('')
    try {
      queryClient.setQueryData(keys.bot(bot), await what())
      void queryClient.invalidateQueries({ queryKey: keys.bots, exact: true })
      return true
    } catch (thrown) {
      setError(thrown)
      return false
    } finally {
      setBusy(false)
    }
  }

  const data = detail.data
  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      wide
      footer={
        <>
          <span role="status" className={styles.said}>
            {said}
          </span>
          <Button onClick={onClose}>{t('app:close')}</Button>
        </>
      }
    >
      {detail.error && <ErrorNotice error={detail.error} onRetry={() => detail.refetch()} />}
      {detail.isPending && <div className="bl-skeleton" style={{ height: 420 }} />}
      {data && (
        <>
          <div className={styles.tabs} role="tablist" aria-label={t('title')}>
            {tabs.map((one) => (
              <button
                key={one}
                type="button"
                role="tab"
                id={`${id}-${one}`}
                aria-selected={tab === one}
                aria-controls={`${id}-panel`}
                tabIndex={tab === one ? 0 : -1}
                onClick={() => setTab(one)}
                onKeyDown={(event) => {
                  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
                  if (step === 0) return
                  const next = tabs[(tabs.indexOf(one) + step + tabs.length) % tabs.length]!
                  setTab(next)
                  document.getElementById(`${id}-${next}`)?.focus()
                }}
              >
                {t(`tab.${one}`)}
              </button>
            ))}
          </div>
          <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
            {tab === 'install' && (
              <div className={styles.parts}>
                <Snippet bot={data} say={setSaid} />
                <AllowedSites origins={data.origins} busy={busy} change={change} say={setSaid} />
                <ServerCallers allowed={data.allowServerCallers} busy={busy} change={change} />
              </div>
            )}
            {tab === 'look' && <LookPart bot={data} busy={busy} change={change} say={setSaid} />}
            {tab === 'visitors' && <VisitorsPart bot={data} busy={busy} change={change} work={work} say={setSaid} />}
          </div>
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

function ServerCallers({ allowed, busy, change }: { allowed: boolean; busy: boolean; change: ChangeWho }) {
  const { t } = useTranslation('embed')
  const about = useId()
  return (
    <label className={styles.servers}>
      <span>
        <strong>{t('servers')}</strong>
        <small id={about}>{t('servers.about')}</small>
      </span>
      <input
        type="checkbox"
        role="switch"
        className="bl-switch"
        aria-label={t('servers')}
        aria-describedby={about}
        checked={allowed}
        aria-checked={allowed}
        disabled={busy}
        onChange={(event) => void change({ allowServerCallers: event.target.checked })}
      />
    </label>
  )
}
