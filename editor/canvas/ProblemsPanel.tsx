import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Icon } from '#editor/app/ui/icons.tsx'
import { blockViews } from '#editor/document/block-views.ts'
import { registry } from '#editor/document/registry.ts'
import { select } from '#editor/document/selection.ts'
import { useDraft } from '#editor/document/store.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import './canvas.css'
import { canvasState, flyTo } from './control.ts'
import { BlockIcon } from './icons.tsx'
import { blockName, problemText } from './words.ts'

/** Everything that is wrong or doubtful, errors first; a click flies to the block and opens the field. */
export function ProblemsPanel() {
  const { t } = useTranslation(['canvas', 'blocks'])
  const problems = useStore(blockViews, (state) => state.problems)
  const document = useDraft((state) => state.document)
  if (problems.length === 0)
    return (
      <p className="bl-problems__none">
        <Icon name="check" size={16} /> {t('problems.none')}
      </p>
    )
  return (
    <ul className="bl-problems" aria-label={t('problems')}>
      {problems.map((problem) => {
        const node = problem.node === undefined ? undefined : document.nodes[problem.node]
        const definition = node && registry.nodes[node.type]
        return (
          <li key={JSON.stringify(problem)}>
            <button type="button" className="bl-problems__line" disabled={!node} onClick={() => goTo(problem)}>
              <span className={`bl-problems__mark bl-problems__mark--${problem.severity}`}>
                <Icon name={problem.severity === 'error' ? 'error' : 'warning'} size={16} />
                <span className="bl-sr-only">{t(`problems.${problem.severity}`)}</span>
              </span>
              <span className="bl-problems__text">{problemText(problem, document)}</span>
              {node && (
                <span className="bl-problems__block" data-hue={definition?.hue}>
                  <span className="bl-block__icon bl-block__icon--small">
                    <BlockIcon name={definition?.icon ?? 'unknown'} size={14} />
                  </span>
                  {blockName(node)}
                </span>
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function goTo(problem: Problem): void {
  if (problem.node === undefined) return
  select([problem.node])
  canvasState.setState({ wantedField: problem.field ? { node: problem.node, field: problem.field } : null })
  void flyTo(problem.node)
}
