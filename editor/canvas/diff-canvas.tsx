import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  BaseEdge,
  type Edge,
  type EdgeProps,
  MiniMap,
  type Node,
  type NodeChange,
  type NodeProps,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { memo, useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import type { Change, Comparison } from '#editor/document/compare.ts'
import { registry } from '#editor/document/registry.ts'
import './canvas.css'
import { curve, curvePath } from './curve.ts'
import './diff-canvas.css'
import { type Still, StillBody, toStills } from './still-block.tsx'

type DiffNode = Node<Still & { picked: boolean } & Record<string, unknown>, 'diff'>
type DiffEdge = Edge<{ change: Change }, 'diff'>

const nodeTypes = { diff: memo(DiffBlock) }
const edgeTypes = { diff: memo(DiffWire) }
const proOptions = { hideAttribution: true }

/** Two documents on one canvas that nobody can change: what came, what went as a ghost, and what is other than before. */
export function DiffCanvas(props: { comparison: Comparison; picked: string | null; onPick: (block: string) => void }) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  )
}

function Flow({
  comparison,
  picked,
  onPick,
}: {
  comparison: Comparison
  picked: string | null
  onPick: (block: string) => void
}) {
  const { t } = useTranslation('versions')
  const flow = useReactFlow()
  const ready = useNodesInitialized()
  const [nodes, setNodes] = useState<DiffNode[]>([])
  useEffect(() => setNodes((before) => toNodes(comparison, picked, before)), [comparison, picked])
  // Sizes are told back, or nothing can be fitted into view.
  const onNodesChange = useCallback(
    (changes: NodeChange<DiffNode>[]) =>
      setNodes((before) =>
        applyNodeChanges(
          changes.filter(({ type }) => type === 'dimensions'),
          before,
        ),
      ),
    [],
  )
  const edges = useMemo(() => toEdges(comparison), [comparison])

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown first follows the comparison, not the picking
  useEffect(() => {
    if (!ready) return
    const changed = Object.entries(comparison.blocks).filter(([, { change }]) => change !== 'same')
    const shown = picked ? [picked] : changed.map(([id]) => id)
    void flow.fitView({ nodes: shown.map((id) => ({ id })), padding: 0.2, minZoom: 0.25, maxZoom: 0.9, duration: 0 })
  }, [ready, comparison])
  useEffect(() => {
    if (!ready || !picked) return
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    void flow.fitView({ nodes: [{ id: picked }], padding: 0.4, maxZoom: 0.9, duration: calm ? 0 : 180 })
  }, [picked, ready, flow])

  return (
    <div className="bl-canvas bl-diff" role="img" aria-label={t('compare.picture')}>
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
        panOnScroll
        minZoom={0.1}
        maxZoom={1.5}
        onNodeClick={(_, node) => onPick(node.id)}
        proOptions={proOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <MiniMap
          position="bottom-right"
          pannable
          zoomable
          nodeColor={(node) => `var(--bl-diff-${(node as DiffNode).data.block.change})`}
          nodeStrokeWidth={0}
          nodeBorderRadius={24}
          style={{ width: 148, height: 100 }}
          ariaLabel={null}
        />
      </ReactFlow>
    </div>
  )
}

function toNodes(comparison: Comparison, picked: string | null, before: readonly DiffNode[]): DiffNode[] {
  const sizes = new Map(before.map((node) => [node.id, node.measured]))
  return Object.entries(toStills(comparison)).map(([id, still]) => ({
    id,
    type: 'diff',
    position: still.block.position,
    measured: sizes.get(id),
    data: { ...still, picked: id === picked },
    // What is gone lies behind what is there, and before the wires.
    zIndex: still.block.change === 'removed' ? 1 : 2,
  }))
}

function toEdges({ blocks, wires }: Comparison): DiffEdge[] {
  return (
    wires
      .filter(({ edge }) => blocks[edge.from.node] && blocks[edge.to.node])
      // What changed lies over what did not, and all wires behind the blocks.
      .sort((a, b) => Number(a.change !== 'same') - Number(b.change !== 'same'))
      .map(({ edge, change }) => ({
        id: `${change} ${edge.id}`,
        type: 'diff',
        source: edge.from.node,
        sourceHandle: edge.from.port,
        target: edge.to.node,
        targetHandle: edge.to.port,
        data: { change },
        zIndex: 0,
      }))
  )
}

function DiffBlock({ data }: NodeProps<DiffNode>) {
  const { t } = useTranslation(['versions', 'blocks'])
  const { picked, ...still } = data
  const { node, change, fields } = still.block
  const count = Object.keys(fields).length
  return (
    <div
      className="bl-block bl-diff__block"
      data-hue={registry.nodes[node.type]?.hue ?? 'logic'}
      data-change={change}
      data-picked={picked || undefined}
    >
      {change !== 'same' && (
        <span className="bl-diff__tag">
          <Icon name={change === 'added' ? 'plus' : change === 'removed' ? 'trash' : 'pencil'} size={12} />
          {change === 'changed' ? t('compare.fields', { count }) : t(`compare.${change}`)}
        </span>
      )}
      <StillBody {...still} />
    </div>
  )
}

function DiffWire({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<DiffEdge>) {
  const path = curvePath(curve({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }))
  return <BaseEdge id={id} path={path} className={`bl-diff__wire bl-diff__wire--${data?.change ?? 'same'}`} />
}
