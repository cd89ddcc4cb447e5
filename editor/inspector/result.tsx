import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '#editor/app/ui/icons.tsx'
import { useDuration } from '#editor/app/ui/words.ts'
import { staleTexts } from '#editor/canvas/stale-words.ts'
import { failureWords, figureText, useCanvasWords } from '#editor/canvas/words.ts'
import { useProgress, useRunState } from '#editor/document/run-states.ts'
import { useDraft } from '#editor/document/store.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'

/** Figures with a report behind them. */
const reported = new Set(['accuracy', 'likeness', 'found'])

/** What the last run left on a pipeline block: its figure, how long it took, why it failed and what to do. */
export function Result({ node }: { node: NodeRecord }) {
  const { t } = useTranslation('inspector')
  const canvas = useCanvasWords()
  const duration = useDuration()
  const state = useRunState(node.id)
  const progress = useProgress(node.id)
  const document = useDraft((all) => all.document)
  const bot = useDraft((all) => all.bot)
  if (!state || (state.status === 'idle' && !state.figure && !state.stale)) return null
  const failure = state.status === 'failed' && state.failure ? state.failure : null
  return (
    <section className="bl-insp-result" data-status={failure ? 'failed' : state.stale ? 'stale' : state.status}>
      <div className="bl-insp-result__line">
        <span>
          {state.stale && !failure && state.status !== 'running' ? t('result.old') : canvas(`status.${state.status}`)}
        </span>
        {state.status === 'running' && progress?.secondsLeft !== undefined && (
          <span>{canvas('status.left', { time: duration(progress.secondsLeft) })}</span>
        )}
        {state.status !== 'running' && state.seconds !== null && <span>{duration(state.seconds)}</span>}
        {state.figure && <b>{figureText(state.figure)}</b>}
      </div>
      {!failure && staleTexts(state.stale ?? [], node, document, canvas).map((text) => <p key={text}>{text}</p>)}
      {failure && (
        <div className="bl-insp-result__failure" role="alert">
          <Icon name="error" size={16} />
          <p>
            {failureWords(failure).message}
            <strong>{failureWords(failure).remedy}</strong>
            <code>{failure.code}</code>
          </p>
        </div>
      )}
      {state.run && reported.has(state.figure?.key ?? '') && (
        <Link className="bl-insp-link" to={`/bots/${bot}/reports/${state.run}`}>
          {t('result.report')}
        </Link>
      )}
    </section>
  )
}
