import { type Node, ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { around, type Box } from '#editor/document/boxes.ts'
import { toItem } from '#editor/document/item-id.ts'
import { registry } from '#editor/document/registry.ts'
import { draft } from '#editor/document/store.ts'

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

/** How far the blocks of each half reach; frames reach further than their blocks. */
function outlines(drawn: readonly Node[]): Record<'learn' | 'talk', Box | null> {
  const { nodes, view } = draft.getState().document
  const boxes: Record<'learn' | 'talk', Box[]> = { learn: [], talk: [] }
  for (const { id, position, measured } of drawn) {
    const item = toItem(id)
    const block = item.kind === 'group' ? view.groups[item.id]?.nodes[0] : id
    const family = registry.nodes[nodes[block ?? '']?.type ?? '']?.family
    if (!family || !measured?.width) continue
    boxes[family === 'pipeline' ? 'learn' : 'talk'].push({
      ...position,
      width: measured.width,
      height: measured.height ?? 0,
    })
  }
  return { learn: around(boxes.learn), talk: around(boxes.talk) }
}

function outline({ x, y, width, height }: Box): Box {
  return {
    x: x - margin.side,
    y: y - margin.top,
    width: width + 2 * margin.side,
    height: height + margin.top + margin.foot,
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
