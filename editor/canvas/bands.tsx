import { type Node, ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toItem } from '#editor/document/item-id.ts'
import { registry } from '#editor/document/registry.ts'
import { draft } from '#editor/document/store.ts'

interface Box {
  x: number
  y: number
  width: number
  height: number
}
const margin = { side: 44, top: 72, foot: 44 }

/** Two soft bands behind the blocks: Learn, where records become a model, and Talk, where it speaks with people. */
export const Bands = memo(function Bands({ nodes }: { nodes: readonly Node[] }) {
  const boxes = useMemo(() => outlines(nodes), [nodes])
  return (
    <ViewportPortal>
      {(['learn', 'talk'] as const).map((half) => {
        const box = boxes[half]
        return box && <Band key={half} half={half} box={outline(box)} />
      })}
    </ViewportPortal>
  )
})

type Edges = [left: number, top: number, right: number, foot: number]

/** How far the blocks of each half reach; frames reach further than their blocks. */
function outlines(drawn: readonly Node[]): Record<'learn' | 'talk', Edges | null> {
  const { nodes, view } = draft.getState().document
  const boxes: Record<'learn' | 'talk', Edges | null> = { learn: null, talk: null }
  for (const { id, position, measured } of drawn) {
    const item = toItem(id)
    const block = item.kind === 'group' ? view.groups[item.id]?.nodes[0] : id
    const family = registry.nodes[nodes[block ?? '']?.type ?? '']?.family
    if (!family || !measured?.width) continue
    const half = family === 'pipeline' ? 'learn' : 'talk'
    const { x, y } = position
    const right = x + measured.width
    const foot = y + (measured.height ?? 0)
    const box = boxes[half]
    boxes[half] = box
      ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], right), Math.max(box[3], foot)]
      : [x, y, right, foot]
  }
  return boxes
}

function outline([left, top, right, foot]: Edges): Box {
  return {
    x: left - margin.side,
    y: top - margin.top,
    width: right - left + 2 * margin.side,
    height: foot - top + margin.top + margin.foot,
  }
}

function Band({ half, box }: { half: 'learn' | 'talk'; box: Box }) {
  const { t } = useTranslation('canvas')
  return (
    <div
      className={`bl-band bl-band--${half}`}
      style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.width, height: box.height }}
    >
      <div className="bl-band__head">
        <b>{t(`band.${half}`)}</b>
        <span>{t(`band.${half}.what`)}</span>
      </div>
    </div>
  )
}
