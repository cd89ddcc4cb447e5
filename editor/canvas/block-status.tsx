import i18next from 'i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { number } from '#editor/app/ui/words.ts'
import { useProgress } from '#editor/document/run-states.ts'
import { draft } from '#editor/document/store.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { NodeState } from '#server/api/dto.ts'
import { staleTexts } from './stale-words.ts'
import { blockText, failureWords, figureText, type Translate } from './words.ts'

const t: Translate = (key, params) => i18next.t(key, { ns: 'canvas', ...params })

/** The foot of a pipeline block: how far it is, what it found, or why it must run again. */
export function BlockStatus({ node, state }: { node: NodeRecord; state: NodeState | undefined }) {
  if (state?.status === 'running') return <Running node={node} />
  if (state?.status === 'queued')
    return (
      <div className="bl-block__foot bl-block__foot--quiet">
        <Icon name="clock" size={14} />
        <span>{t('status.queued')}</span>
      </div>
    )
  if (state?.status === 'failed' && state.failure) {
    const words = failureWords(state.failure)
    return (
      <div className="bl-block__foot bl-block__foot--failed" title={`${words.message} ${words.remedy}`}>
        <Icon name="error" size={14} />
        <span>
          {words.message} <em>{words.remedy}</em>
        </span>
      </div>
    )
  }
  const stale = state ? state.stale : [{ kind: 'never-ran' as const }]
  if (stale) {
    const [nearest, ...further] = staleTexts(stale, node, draft.getState().document, t)
    return (
      <div className="bl-block__foot bl-block__foot--stale" title={[nearest, ...further].join('\n')}>
        <span className="bl-block__dot" />
        <span>{nearest}</span>
        {further.length > 0 && <i className="bl-block__more">{t('stale.more', { more: further.length })}</i>}
        {state?.figure && <b className="bl-block__old">{figureText(state.figure)}</b>}
      </div>
    )
  }
  if (state?.status === 'cancelled')
    return (
      <div className="bl-block__foot bl-block__foot--quiet">
        <Icon name="stop" size={14} />
        <span>{t('status.cancelled')}</span>
      </div>
    )
  if (state?.status !== 'done') return null
  return (
    <div className="bl-block__foot bl-block__foot--done">
      <Icon name="check" size={14} />
      <span>{state.seconds !== null && state.seconds >= 0.1 ? secondsText(state.seconds) : t('status.done')}</span>
      {state.figure && <b>{figureText(state.figure)}</b>}
    </div>
  )
}

function Running({ node }: { node: NodeRecord }) {
  const progress = useProgress(node.id)
  const share = Math.min(1, Math.max(0, progress?.share ?? 0))
  const phase = progress
    ? blockText(`${node.type}.progress.${progress.phase}`) ||
      i18next.t(`progress.${progress.phase}`, { ns: 'canvas', defaultValue: t('status.running') })
    : t('status.running')
  return (
    <div className="bl-block__foot bl-block__foot--running">
      <span>{phase}</span>
      <b>{progress?.secondsLeft === undefined ? '' : t('status.left', { time: secondsText(progress.secondsLeft) })}</b>
      <span
        className="bl-block__bar"
        role="progressbar"
        aria-label={phase}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </span>
    </div>
  )
}

function secondsText(seconds: number): string {
  if (seconds < 60) return t('seconds', { value: number(seconds, seconds < 10 ? 1 : 0) })
  return t('minutes', { minutes: Math.floor(seconds / 60), seconds: Math.round(seconds % 60) })
}
