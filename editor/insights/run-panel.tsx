import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../app/api.ts'
import { Button } from '../app/ui/button.tsx'
import { showError } from '../app/ui/toast.tsx'
import { percent, useDuration } from '../app/ui/words.ts'
import { Curve } from './curve.tsx'
import styles from './insights.module.css'
import { isGoingOn, runProgress, useLiveRun } from './live-run.ts'

/** What the running block does, how far it is, the time left, and the ways to stop it. */
export function RunPanel({ bot, nameOf }: { bot: string; nameOf: (node: string) => string }) {
  const { t } = useTranslation('runs')
  const live = useLiveRun()
  const duration = useDuration()
  const [stopping, setStopping] = useState<string | null>(null)
  const [keeping, setKeeping] = useState<string | null>(null)
  const { share, secondsLeft, node } = runProgress(live)
  const withCurve = Object.values(live.nodes).findLast((one) => one.curve.length > 0)
  const going = isGoingOn(live.status)
  if (!live.run) return null

  const stop = async () => {
    if (!live.run) return
    setStopping(live.run)
    try {
      await api.stopRun(bot, live.run)
    } catch (error) {
      setStopping(null)
      showError(error)
    }
  }
  const keep = async () => {
    if (!live.run) return
    setKeeping(live.run)
    try {
      await api.finishRun(bot, live.run)
    } catch (error) {
      showError(error)
    } finally {
      setKeeping(null)
    }
  }
  const working = node ? live.nodes[node] : null
  const { phase, trial, trials, device } = working?.progress ?? {}

  return (
    <section className={styles.runPanel} aria-label={t('panel')}>
      <div className={styles.runHead}>
        <strong>{node ? nameOf(node) : t(`status.${live.status ?? 'queued'}`)}</strong>
        {trial !== undefined && <span>{t('trial', { trial, trials })}</span>}
        {phase && <span>{t(`phase.${phase}`)}</span>}
        {device && <span className="bl-tag">{device}</span>}
        <span className={styles.grow} />
        <span aria-live="off">
          {going && secondsLeft !== null ? t('left', { time: duration(secondsLeft) }) : going ? percent(share, 0) : ''}
        </span>
        {going && working?.progress?.keepable && (
          <Button
            size="small"
            icon="check"
            title={t('keep.help')}
            busy={working.finishing || keeping === live.run}
            onClick={keep}
          >
            {t('keep')}
          </Button>
        )}
        {going && (
          <Button size="small" icon="stop" title={t('stop.help')} busy={stopping === live.run} onClick={stop}>
            {t('stop')}
          </Button>
        )}
      </div>
      <span
        className="bl-bar"
        role="progressbar"
        aria-label={t('panel')}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: percentWidth(going ? share : 1) }} />
      </span>
      {working?.finishing && <p className={styles.note}>{t('keep.asked')}</p>}
      {live.status === 'cancelled' && <p className={styles.note}>{t('stopped')}</p>}
      {withCurve && <Curve points={withCurve.curve} />}
    </section>
  )
}

function percentWidth(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}
