import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  BaseEdge,
  type Edge,
  type EdgeProps,
  Handle,
  MiniMap,
  type Node,
  type NodeChange,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { memo, useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import type { Change, ComparedBlock, Comparison } from '#editor/document/compare.ts'
import { registry } from '#editor/document/registry.ts'
import type { Ports } from '#kit/ports.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import './canvas.css'
import { curve, curvePath } from './curve.ts'
import './diff-canvas.css'
import { BlockIcon } from './icons.tsx'
import { blockName, portText, summaryText } from './words.ts'

type DiffNode = Node<
  { block: ComparedBlock; target?: NodeRecord; inputs: string[]; outputs: string[]; picked: boolean },
  'diff'
>
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

/** Only ports with a wire are drawn: the others say nothing about what changed. */
function toNodes({ blocks, wires }: Comparison, picked: string | null, before: readonly DiffNode[]): DiffNode[] {
  const sizes = new Map(before.map((node) => [node.id, node.measured]))
  const inputs: Record<string, Set<string>> = {}
  const outputs: Record<string, Set<string>> = {}
  for (const { edge } of wires) {
    inputs[edge.to.node] ??= new Set()
    inputs[edge.to.node]?.add(edge.to.port)
    outputs[edge.from.node] ??= new Set()
    outputs[edge.from.node]?.add(edge.from.port)
  }
  return Object.entries(blocks).map(([id, block]) => ({
    id,
    type: 'diff',
    position: block.position,
    measured: sizes.get(id),
    data: {
      block,
      target: blocks[block.view.leadsTo ?? '']?.node,
      inputs: inOrder(inputs[id], block.view.inputs),
      outputs: inOrder(outputs[id], block.view.outputs),
      picked: id === picked,
    },
    // What is gone lies behind what is there, and before the wires.
    zIndex: block.change === 'removed' ? 1 : 2,
  }))
}

function inOrder(wired: ReadonlySet<string> | undefined, ports: Ports): string[] {
  if (!wired) return []
  const known = Object.keys(ports).filter((port) => wired.has(port))
  return [...known, ...[...wired].filter((port) => !known.includes(port))]
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
  const { block, target, inputs, outputs, picked } = data
  const { node, change, view } = block
  const definition = registry.nodes[node.type]
  const headInput = inputs.length === 1 ? inputs[0] : undefined
  const headOutput = outputs.length === 1 ? outputs[0] : undefined
  const rowInputs = headInput === undefined ? inputs : []
  const rowOutputs = headOutput === undefined ? outputs : []
  const rows = Math.max(rowInputs.length, rowOutputs.length)
  const count = Object.keys(block.fields).length
  return (
    <div
      className="bl-block bl-diff__block"
      data-hue={definition?.hue ?? 'logic'}
      data-change={change}
      data-picked={picked || undefined}
    >
      {change !== 'same' && (
        <span className="bl-diff__tag">
          <Icon name={change === 'added' ? 'plus' : change === 'removed' ? 'trash' : 'pencil'} size={12} />
          {change === 'changed' ? t('compare.fields', { count }) : t(`compare.${change}`)}
        </span>
      )}
      <div className="bl-block__head">
        {headInput !== undefined && <Port id={headInput} side="input" ports={view.inputs} />}
        <span className="bl-block__icon">
          <BlockIcon name={definition?.icon ?? 'unknown'} />
        </span>
        <span className="bl-block__titles">
          <span className="bl-block__title">{blockName(node)}</span>
          <span className="bl-block__summary">{summaryText(view.summary, target)}</span>
        </span>
        {headOutput !== undefined && <Port id={headOutput} side="output" ports={view.outputs} />}
      </div>
      {rows > 0 && (
        <div className="bl-block__ports">
          {Array.from({ length: rows }, (_, row) => {
            const [input, output] = [rowInputs[row], rowOutputs[row]]
            return (
              <div className="bl-block__row" key={`${input ?? ''} ${output ?? ''}`}>
                {input !== undefined && <Port id={input} side="input" ports={view.inputs} />}
                <span className="bl-block__in">
                  {input !== undefined && portText(node.type, input, view.inputs[input])}
                </span>
                {output !== undefined && (
                  <span className="bl-block__out">
                    <span className="bl-block__label">{portText(node.type, output, view.outputs[output])}</span>
                  </span>
                )}
                {output !== undefined && <Port id={output} side="output" ports={view.outputs} />}
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}

function Port({ id, side, ports }: { id: string; side: 'input' | 'output'; ports: Ports }) {
  return (
    <Handle
      id={id}
      type={side === 'input' ? 'target' : 'source'}
      position={side === 'input' ? Position.Left : Position.Right}
      isConnectable={false}
      className={`bl-port bl-port--${ports[id]?.type ?? 'flow'} bl-port--wired`}
    />
  )
}

function DiffWire({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps<DiffEdge>) {
  const path = curvePath(curve({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }))
  return <BaseEdge id={id} path={path} className={`bl-diff__wire bl-diff__wire--${data?.change ?? 'same'}`} />
}
