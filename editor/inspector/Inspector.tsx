import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { performAction } from '#editor/actions/studio.ts'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { canvasState, focusItem, useCanvasState } from '#editor/canvas/control.ts'
import { BlockIcon } from '#editor/canvas/icons.tsx'
import { blockName, blockText, problemText } from '#editor/canvas/words.ts'
import { useProblemsOf } from '#editor/document/block-views.ts'
import { renameBlock } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { select, useSelection } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { Clashes } from './clashes.tsx'
import { Form } from './form.tsx'
import './inspector.css'
import { Result } from './result.tsx'

const noProblems: readonly Problem[] = []

/** The settings of the picked block. */
export function Inspector() {
  const { t } = useTranslation(['inspector', 'blocks'])
  const picked = useSelection((state) => state.nodes)
  const id = picked.length === 1 ? picked[0]! : ''
  const node = useDraft((state) => state.document.nodes[id])
  return (
    <aside className="bl-inspector" aria-label={t('inspector')}>
      <Clashes of={node ? node.id : null} />
      {node ? <BlockSettings key={node.id} node={node} /> : <Nothing count={picked.length} />}
    </aside>
  )
}

function BlockSettings({ node }: { node: NodeRecord }) {
  const { t } = useTranslation(['inspector', 'blocks'])
  const definition = registry.nodes[node.type]
  const problems = useProblemsOf(node.id) ?? noProblems
  const fieldless = problems.filter((problem) => !problem.field)
  const wanted = useCanvasState((state) => state.wantedField)
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (wanted?.node !== node.id) return
    const field = root.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(wanted.field.split('.')[0]!)}"]`)
    field?.scrollIntoView({ block: 'center' })
    const control = field?.querySelector<HTMLElement>('input, textarea, select') ?? field?.querySelector('button')
    control?.focus({ preventScroll: true })
    canvasState.setState({ wantedField: null })
  }, [wanted, node.id])
  const [helpShown, showHelp] = useState(false)
  const typeName = blockText(`${node.type}.name`) || node.type
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back to the block from any field in it
    <div
      className="bl-inspector__body"
      ref={root}
      data-hue={definition?.hue}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return
        event.preventDefault()
        focusItem(node.id)
      }}
    >
      <header className="bl-inspector__head">
        <span className="bl-block__icon">
          <BlockIcon name={definition?.icon ?? 'unknown'} />
        </span>
        <div className="bl-inspector__titles">
          <input
            className="bl-inspector__name"
            aria-label={t('name')}
            maxLength={80}
            placeholder={typeName}
            value={node.name ?? ''}
            onChange={(event) => {
              const name = event.target.value
              draft.commit((document) => renameBlock(document, node.id, name), {
                label: 'rename',
                merge: `name ${node.id}`,
              })
            }}
          />
          <span className="bl-inspector__type">{typeName}</span>
        </div>
        {definition && (
          <IconButton
            size="small"
            icon="help"
            label={t('help')}
            aria-expanded={helpShown}
            aria-controls="bl-block-help"
            onClick={() => showHelp(!helpShown)}
          />
        )}
        <IconButton size="small" icon="close" label={t('close')} onClick={() => select([])} />
      </header>
      <p className="bl-inspector__about">{blockText(`${node.type}.description`)}</p>
      {helpShown && (
        <div className="bl-inspector__help" id="bl-block-help">
          <p>{blockText(`${node.type}.help`)}</p>
          <p>
            <b>{t('example')}</b>
            {blockText(`${node.type}.example`)}
          </p>
        </div>
      )}
      {fieldless.length > 0 && (
        <ul className="bl-insp-problems">
          {fieldless.map((problem) => (
            <li key={JSON.stringify(problem)} data-severity={problem.severity}>
              <Icon name={problem.severity === 'error' ? 'error' : 'warning'} size={16} />
              {problemText(problem, draft.getState().document)}
            </li>
          ))}
        </ul>
      )}
      {definition?.family === 'pipeline' && <Result node={node} />}
      {definition && <Form node={node} definition={definition} problems={problems} />}
    </div>
  )
}

function Nothing({ count }: { count: number }) {
  const { t } = useTranslation('inspector')
  const names = useDraft((state) => state.document.nodes)
  const picked = useSelection((state) => state.nodes)
  if (count < 2)
    return (
      <div className="bl-inspector__empty">
        <p>{t('empty')}</p>
        <p>
          <kbd className="bl-kbd">/</kbd> {t('empty.add')}
        </p>
      </div>
    )
  return (
    <div className="bl-inspector__empty">
      <p>{t('many', { count })}</p>
      <ul>
        {picked.slice(0, 8).map((id) => {
          const node = names[id]
          return (
            node && (
              <li key={id} data-hue={registry.nodes[node.type]?.hue}>
                <span className="bl-block__icon bl-block__icon--small">
                  <BlockIcon name={registry.nodes[node.type]?.icon ?? 'unknown'} size={14} />
                </span>
                {blockName(node)}
              </li>
            )
          )
        })}
        {count > 8 && <li>{t('and-more', { count: count - 8 })}</li>}
      </ul>
      <div className="bl-inspector__buttons">
        <Button size="small" onClick={() => performAction('duplicate')}>
          {t('many.duplicate')}
        </Button>
        <Button size="small" variant="danger" icon="trash" onClick={() => performAction('delete')}>
          {t('many.delete')}
        </Button>
      </div>
    </div>
  )
}
