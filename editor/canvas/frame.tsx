import type { NodeProps } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { renameGroup } from '#editor/document/groups.ts'
import { groupItem, toItem } from '#editor/document/item-id.ts'
import { registry } from '#editor/document/registry.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import './annotations.css'
import { canvasState, focusItem, useCanvasState, useFound } from './control.ts'

/** The frame of a group, behind its blocks. Its title moves all of them; its ground lets the pointer through. */
export const Frame = memo(function Frame({ id: item }: NodeProps) {
  const { id } = toItem(item)
  const group = useDraft((state) => state.document.view.groups[id])
  const hue = useDraft((state) => (group ? commonHue(state.document, group.nodes) : ''))
  return group ? <FrameCard group={group} hue={hue} /> : null
})

function FrameCard({ group, hue }: { group: GraphDocument['view']['groups'][string]; hue: string }) {
  const { t } = useTranslation('canvas')
  const item = groupItem(group.id)
  const editing = useCanvasState((state) => state.editing === item)
  const takes = useCanvasState((state) => state.dropInto === group.id)
  const found = useFound(item)
  return (
    <div className={`bl-frame ${takes ? 'bl-frame--takes' : ''}`} data-hue={hue} data-found={found}>
      <span id={`bl-say-${item}`} className="bl-sr-only">
        {t('say.group', { name: group.name, count: group.nodes.length })}
      </span>
      <div className="bl-frame__title" title={t('group.title')}>
        {editing ? <FrameName id={group.id} name={group.name} /> : <span>{group.name}</span>}
      </div>
    </div>
  )
}

function FrameName({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('canvas')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // The node around it gets the focus in the same moment as it is picked.
    const frame = requestAnimationFrame(() => {
      field.current?.focus({ preventScroll: true })
      field.current?.select()
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <input
      ref={field}
      className="bl-frame__name nodrag nopan"
      value={name}
      maxLength={80}
      aria-label={t('group.name')}
      onChange={(event) =>
        draft.commit((document) => renameGroup(document, id, event.target.value), {
          label: 'rename',
          merge: `group ${id}`,
        })
      }
      onBlur={() => canvasState.setState({ editing: null })}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || (event.key !== 'Escape' && event.key !== 'Enter')) return
        event.stopPropagation()
        event.preventDefault()
        canvasState.setState({ editing: null })
        focusItem(groupItem(id))
      }}
    />
  )
}

/** A group has the hue that most of its blocks have. */
function commonHue(document: GraphDocument, nodes: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const hue = registry.nodes[document.nodes[node]?.type ?? '']?.hue
    if (hue) counts.set(hue, (counts.get(hue) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'logic'
}
