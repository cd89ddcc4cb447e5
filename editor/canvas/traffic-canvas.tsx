import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  BaseEdge,
  type Edge,
  type EdgeProps,
  type Node,
  type NodeChange,
  type NodeProps,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Comparison, compareDocuments, type Side } from '#editor/document/compare.ts'
import { registry } from '#editor/document/registry.ts'
import './canvas.css'
import { curve, curvePath } from './curve.ts'
import { type Still, StillBody, toStills } from './still-block.tsx'
import { ToolButton } from './tool-button.tsx'
import './traffic-canvas.css'

/** What is drawn of a wire, by its id: how much goes over it and how much of that ends behind it, both 0..1. */
export type WireTraffic = Readonly<Record<string, { weight: number; lost: number; title: string }>>
/**
 * What stands on a block, by its id, and `short` what is read of it from afar: how many of those who came are lost (0..1), or
 * null where it tells of none. It leads to `href`.
 */
export type BlockTraffic = Readonly<
  Record<string, { words: string; short: string; href?: string; lost: number | null } | undefined>
>

interface Traffic {
  /** A version, of which the conversation's half is drawn. */
  side: Side
  wires: WireTraffic
  blocks: BlockTraffic
  /** Blocks that somebody came to; the others step back. */
  alive: ReadonlySet<string>
  picked: string | null
  onPick: (block: string) => void
  label: string
}

type TrafficNode = Node<
  Still & { on: BlockTraffic[string]; isAlive: boolean; isPicked: boolean } & Record<string, unknown>,
  'traffic'
>
type TrafficEdge = Edge<{ weight: number; lost: number; title: string }, 'traffic'>

const nodeTypes = { traffic: memo(TrafficBlock) }
const edgeTypes = { traffic: memo(TrafficWire) }
const proOptions = { hideAttribution: true }
/** By how much something is drawn larger than the picture, so that it is seen from afar, too. */
const grown = (zoom: number, most: number): number => Math.min(most, Math.max(1, 0.7 / Math.max(zoom, 0.05)))
const inSight = (width: number): string => `calc(${width}px * var(--bl-traffic-grown))`
/** Milliseconds of a movement; none for who wants no motion. */
const calm = (): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180)
/** Pixels of the thinnest wire that is gone over, and of the thickest. */
const [thin, thick] = [2, 14]

/** A conversation's half of a version that nobody can change, with what went over its wires. */
export function TrafficCanvas(props: Traffic) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  )
}

function Flow({ side, wires, blocks, alive, picked, onPick, label }: Traffic) {
  const { t } = useTranslation('canvas')
  const flow = useReactFlow()
  const zoom = useStore(({ transform }) => transform[2])
  const frame = useRef<HTMLElement>(null)
  useLayoutEffect(() => frame.current?.style.setProperty('--bl-traffic-grown', String(grown(zoom, 5))), [zoom])
  const ready = useNodesInitialized()
  const drawn = useMemo(() => talkOf(compareDocuments(side, side)), [side])
  const [nodes, setNodes] = useState<TrafficNode[]>([])
  useEffect(
    () => setNodes((before) => toNodes(drawn, { blocks, alive, picked }, before)),
    [drawn, blocks, alive, picked],
  )
  // Sizes are told back, or nothing can be fitted into view.
  const onNodesChange = useCallback(
    (changes: NodeChange<TrafficNode>[]) =>
      setNodes((before) =>
        applyNodeChanges(
          changes.filter(({ type }) => type === 'dimensions'),
          before,
        ),
      ),
    [],
  )
  const edges = useMemo(() => toEdges(drawn, wires), [drawn, wires])
  const bring = useCallback(
    (ids: readonly string[], duration: number) =>
      flow.fitView({ nodes: ids.map((id) => ({ id })), padding: 0.12, minZoom: 0.12, maxZoom: 1, duration }),
    [flow],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown first follows the version, not each new figure
  useEffect(() => {
    if (ready) void bring(alive.size > 0 ? [...alive] : Object.keys(drawn.blocks), 0)
  }, [ready, drawn, bring])
  useEffect(() => {
    if (ready && picked) void bring([picked], calm())
  }, [picked, ready, bring])

  return (
    <section className="bl-canvas bl-traffic" aria-label={label} ref={frame}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        disableKeyboardA11y
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={0.1}
        maxZoom={1.5}
        onNodeClick={(_, node) => onPick(node.id)}
        proOptions={proOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Panel position="bottom-right" className="bl-zoom">
          <div className="bl-zoom__group">
            <ToolButton
              icon="minus"
              label={t('action.zoom-out')}
              onClick={() => void flow.zoomOut({ duration: calm() })}
            />
            <button
              type="button"
              className="bl-zoom__value"
              title={t('action.zoom-whole')}
              onClick={() => void bring(Object.keys(drawn.blocks), calm())}
            >
              {Math.round(zoom * 100)}%
            </button>
            <ToolButton
              icon="plus"
              label={t('action.zoom-in')}
              onClick={() => void flow.zoomIn({ duration: calm() })}
            />
          </div>
        </Panel>
      </ReactFlow>
    </section>
  )
}

/** Learn has no visitors. */
function talkOf({ blocks, wires }: Comparison): Pick<Comparison, 'blocks' | 'wires'> {
  const talk = Object.entries(blocks).filter(([, { node }]) => registry.nodes[node.type]?.family !== 'pipeline')
  const kept = new Set(talk.map(([id]) => id))
  return {
    blocks: Object.fromEntries(talk),
    wires: wires.filter(({ edge }) => kept.has(edge.from.node) && kept.has(edge.to.node)),
  }
}

function toNodes(
  drawn: Pick<Comparison, 'blocks' | 'wires'>,
  { blocks, alive, picked }: Pick<Traffic, 'blocks' | 'alive' | 'picked'>,
  before: readonly TrafficNode[],
): TrafficNode[] {
  const sizes = new Map(before.map((node) => [node.id, node.measured]))
  return Object.entries(toStills(drawn)).map(([id, still]) => ({
    id,
    type: 'traffic',
    position: still.block.position,
    measured: sizes.get(id),
    data: { ...still, on: blocks[id], isAlive: alive.has(id), isPicked: id === picked },
    zIndex: blocks[id] ? 3 : 2,
  }))
}

function toEdges({ wires }: Pick<Comparison, 'wires'>, traffic: WireTraffic): TrafficEdge[] {
  return (
    wires
      .map(({ edge }) => ({ edge, data: traffic[edge.id] ?? { weight: 0, lost: 0, title: '' } }))
      // What is gone over most lies on top.
      .sort((a, b) => a.data.weight - b.data.weight)
      .map(({ edge, data }) => ({
        id: edge.id,
        type: 'traffic',
        source: edge.from.node,
        sourceHandle: edge.from.port,
        target: edge.to.node,
        targetHandle: edge.to.port,
        data,
        zIndex: 0,
      }))
  )
}

function TrafficBlock({ data }: NodeProps<TrafficNode>) {
  const { on, isAlive, isPicked, ...still } = data
  return (
    <div
      className="bl-block bl-traffic__block"
      data-hue={registry.nodes[still.block.node.type]?.hue ?? 'logic'}
      data-alive={isAlive || undefined}
      data-picked={isPicked || undefined}
    >
      <StillBody {...still} />
      {on && <Badge {...on} />}
    </div>
  )
}

/** Read from afar, too: it grows as the picture gets smaller. */
function Badge({ words, short, href, lost }: NonNullable<BlockTraffic[string]>) {
  const zoom = useStore(({ transform }) => Math.round(transform[2] * 20) / 20)
  const isFar = zoom < 0.35
  const style = { transform: `scale(${grown(zoom, isFar ? 6 : 2)})` }
  const props = {
    className: 'bl-traffic__badge nodrag nopan',
    style,
    'data-lost': lost === null ? undefined : lost >= 0.25 ? 'many' : 'some',
  }
  return href ? (
    <Link {...props} to={href} aria-label={words} title={words} onClick={(event) => event.stopPropagation()}>
      {isFar ? short : words}
    </Link>
  ) : (
    <span {...props}>{isFar ? short : words}</span>
  )
}

function TrafficWire({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<TrafficEdge>) {
  const path = curvePath(curve({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }))
  const { weight = 0, lost = 0, title = '' } = data ?? {}
  const width = weight === 0 ? 1.25 : thin + (thick - thin) * weight
  return (
    <g>
      <title>{title}</title>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={16}
        className={`bl-traffic__wire ${weight > 0 ? 'bl-traffic__wire--used' : ''}`}
        style={{ strokeWidth: inSight(width) }}
      />
      {lost > 0 && (
        <path
          className="bl-traffic__lost"
          d={path}
          style={{ strokeWidth: inSight(Math.max(2, width * Math.min(1, lost))) }}
        />
      )}
    </g>
  )
}
