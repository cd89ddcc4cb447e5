import { EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import i18next from 'i18next'
import { memo, useMemo } from 'react'
import { Icon } from '#editor/app/ui/icons.tsx'
import { registry } from '#editor/document/registry.ts'
import { useSelection } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { PortType } from '#kit/ports.ts'
import { announce, canvasState } from './control.ts'
import { braid, curve, curvePath, pointOn } from './curve.ts'
import { useIsWalkedWire } from './walked-path.ts'

/** Wires that go further than this, px, or lead back, step behind the others until one of their blocks is picked. */
const far = 720

/** A wire; `data.type` is the type of the port that it leaves. A conversation's wire has the hue of what it leads to. */
export const Wire = memo(function Wire(props: EdgeProps) {
  const { id, source, target, sourceX, sourceY, targetX, targetY, selected, data } = props
  const isWalked = useIsWalkedWire(id)
  const hue = useDraft((state) => registry.nodes[state.document.nodes[target]?.type ?? '']?.hue)
  const near = useSelection((state) => state.nodes.includes(source) || state.nodes.includes(target))
  const type = (data?.type as PortType | undefined) ?? 'flow'
  const away = targetX < sourceX - 24 || Math.hypot(targetX - sourceX, targetY - sourceY) > far
  const line = curve({ x: sourceX, y: sourceY }, { x: targetX, y: targetY })
  const path = curvePath(line)
  const middle = pointOn(line, 0.5)
  return (
    <>
      <path className="bl-wire-grip" d={path} />
      {type === 'classifier' || type === 'knowledge' ? (
        <Thread id={id} line={line} path={path} />
      ) : (
        <path
          className={`bl-wire bl-wire--${type} ${near ? 'bl-wire--near' : away ? 'bl-wire--away' : ''}`}
          data-hue={hue}
          d={path}
        />
      )}
      {isWalked && <path className="bl-wire bl-wire--walked" d={path} pathLength={1} />}
      {selected && (
        <EdgeLabelRenderer>
          <WireTools id={id} x={middle.x} y={middle.y} />
        </EdgeLabelRenderer>
      )}
    </>
  )
})

/** The wire by which what was learned is handed to the conversation: three strands, woven from Learn's hue to Talk's. */
function Thread({ id, line, path }: { id: string; line: ReturnType<typeof curve>; path: string }) {
  const strands = useMemo(() => braid(line, { strands: 3, swing: 5, turn: 64 }), [line])
  const hue = `bl-thread-${id}`
  return (
    <g className="bl-thread">
      <linearGradient
        id={hue}
        gradientUnits="userSpaceOnUse"
        x1={line.from.x}
        y1={line.from.y}
        x2={line.to.x}
        // A gradient along a line of no height is not drawn.
        y2={line.to.y === line.from.y ? line.to.y + 0.01 : line.to.y}
      >
        <stop offset="0" className="bl-thread__start" />
        <stop offset="0.5" className="bl-thread__middle" />
        <stop offset="1" className="bl-thread__end" />
      </linearGradient>
      <path className="bl-thread__glow" d={path} stroke={`url(#${hue})`} />
      {strands.map((piece) => (
        <g key={piece.key}>
          <path className="bl-thread__halo" d={piece.path} />
          <path
            className={`bl-thread__strand bl-thread__strand--${piece.strand}`}
            d={piece.path}
            stroke={`url(#${hue})`}
          />
        </g>
      ))}
    </g>
  )
}

function WireTools({ id, x, y }: { id: string; x: number; y: number }) {
  const t = (key: string) => i18next.t(key, { ns: 'canvas' })
  return (
    <div
      className="bl-wire-tools nodrag nopan"
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
    >
      <button
        type="button"
        title={t('wire.insert')}
        aria-label={t('wire.insert')}
        onClick={(event) =>
          canvasState.setState({
            quickAdd: { at: { x: x - 128, y: y - 28 }, screen: { x: event.clientX, y: event.clientY }, wire: id },
          })
        }
      >
        <Icon name="plus" size={14} />
      </button>
      <button
        type="button"
        title={t('wire.delete')}
        aria-label={t('wire.delete')}
        onClick={() => {
          draft.commit(
            (document) => {
              delete document.edges[id]
            },
            { label: 'disconnect' },
          )
          announce(t('said.disconnected'))
        }}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  )
}
