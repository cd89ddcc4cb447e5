import { Panel, useStore } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { performAction } from '#editor/actions/studio.ts'
import { useDraft } from '#editor/document/store.ts'
import { ToolButton } from './tool-button.tsx'

/** Undo, redo, tidy and zoom, at the foot of the canvas. */
export function ZoomControls() {
  const { t } = useTranslation('canvas')
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  const canUndo = useDraft((state) => state.history.past.length > 0)
  const canRedo = useDraft((state) => state.history.future.length > 0)
  return (
    <Panel position="bottom-left" className="bl-zoom">
      <div className="bl-zoom__group">
        <ToolButton icon="undo" label={t('action.undo')} disabled={!canUndo} onClick={() => performAction('undo')} />
        <ToolButton icon="redo" label={t('action.redo')} disabled={!canRedo} onClick={() => performAction('redo')} />
        <ToolButton icon="tidy" label={t('action.tidy')} onClick={() => performAction('tidy')} />
      </div>
      <div className="bl-zoom__group">
        <ToolButton icon="minus" label={t('action.zoom-out')} onClick={() => performAction('zoom-out')} />
        <button
          type="button"
          className="bl-zoom__value"
          title={t('action.zoom-whole')}
          onClick={() => performAction('zoom-whole')}
        >
          {zoom}%
        </button>
        <ToolButton icon="plus" label={t('action.zoom-in')} onClick={() => performAction('zoom-in')} />
        <ToolButton icon="fit" label={t('action.fit')} onClick={() => performAction('fit')} />
      </div>
    </Panel>
  )
}
