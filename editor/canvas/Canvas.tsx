import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionMode,
  type Edge,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type Node,
  type NodeChange,
  type OnConnectStartParams,
  ReactFlow,
  ReactFlowProvider,
  type Rect,
  useNodesInitialized,
  useReactFlow,
  useStore,
  type Viewport,
} from '@xyflow/react'
import { calledDialog, dialogOf, showDialog, shownPart, useShownDialog } from '#editor/document/shown-dialog.ts'
import '@xyflow/react/dist/base.css'
import {
  type DragEvent,
  lazy,
  type PointerEvent,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { useStore as useZustand } from 'zustand'
import { blockViews } from '#editor/document/block-views.ts'
import { type Box, carriedBy, groupAt } from '#editor/document/boxes.ts'
import {
  addBlock,
  connect,
  insertOnWire,
  moveBlocks,
  type Point,
  placeOf,
  reconnect,
  refusalOf,
} from '#editor/document/edits.ts'
import { graphNow } from '#editor/document/graph-now.ts'
import { groupOf, putInGroup } from '#editor/document/groups.ts'
import { toItem } from '#editor/document/item-id.ts'
import { registry } from '#editor/document/registry.ts'
import { pickedItems, select, selectItems, selection, useSelection } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { type GraphDocument, mainDialog } from '#runtime/graph/document.ts'
import type { End } from '#runtime/graph/wiring.ts'
import { Bands } from './bands.tsx'
import { Block } from './block.tsx'
import { blockTypeMime } from './block-type-mime.ts'
import './canvas.css'
import { ConnectionLine } from './connection-line.tsx'
import {
  announce,
  canvasState,
  closeMenus,
  fitCanvas,
  flyTo,
  holdCanvas,
  holdPointer,
  reveal,
  showAsked,
  showWalk,
  sizeOf,
} from './control.ts'
import { toFlowEdges, toFlowNodes, toFrames } from './flow-records.ts'
import { Frame } from './frame.tsx'
import { LiveRegion } from './live-region.tsx'
import { Note } from './note.tsx'
import { Overlays, PickedBar } from './overlays.tsx'
import { findTakers } from './takers.ts'
import { useCanvasCommands } from './use-canvas-commands.tsx'
import { useKeyboard } from './use-keyboard.ts'
import { useSomethingWalked, walked } from './walked-path.ts'
import { Wire } from './wire.tsx'
import { wordOf } from './word-of.ts'
import { ZoomControls } from './zoom-controls.tsx'

const DialogBar = lazy(async () => ({ default: (await import('./dialog-bar.tsx')).DialogBar }))

// Module level, as are the handlers below: a new object here would draw every block anew.
const nodeTypes = { block: Block, frame: Frame, note: Note }
const edgeTypes = { wire: Wire }
const grid: [number, number] = [4, 4]
const proOptions = { hideAttribution: true }
const minimapSize = { width: 168, height: 116 }
/** Where the end of a wire can be caught: beyond what the port itself catches, px. */
const reach = 16
const zoomKeys = ['Meta', 'Control']
/** Of more blocks than these only those that can be seen are on the page. */
const mostOnPage = 250

/** The canvas of the open draft: both halves of the bot, Learn and Talk. Whoever opens the draft also calls `watchDraft`. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  )
}

function Flow() {
  const { t } = useTranslation('canvas')
  const flow = useReactFlow()
  const root = useRef<HTMLDivElement>(null)
  const bot = useDraft((state) => state.bot)
  const dialog = useShownDialog()
  const manyDialogs = useDraft((state) => Object.keys(state.document.dialogs).length > 1)
  const {
    nodes: nodeRecords,
    edges: edgeRecords,
    view,
  } = useDraft((state) => shownPart(state.document, dialogOf(state.document)))
  const views = useZustand(blockViews, (state) => state.views)
  const picked = useSelection((state) => state)
  const isWalked = useSomethingWalked()
  const detail = useStore((state) => detailOf(state.transform[2]))

  const [nodes, setNodes] = useState<Node[]>([])
  const [edges, setEdges] = useState<Edge[]>([])
  useEffect(() => setNodes((before) => toFlowNodes(before, nodeRecords, view, picked)), [nodeRecords, view, picked])
  const framesBefore = useRef<Node[]>([])
  const frames = useMemo(() => {
    framesBefore.current = toFrames(framesBefore.current, nodes, view, picked.groups)
    return framesBefore.current
  }, [nodes, view, picked.groups])
  const allNodes = useMemo(() => [...frames, ...nodes], [frames, nodes])
  useEffect(
    () => setEdges((before) => toFlowEdges(before, edgeRecords, views, picked.edges)),
    [edgeRecords, views, picked.edges],
  )
  useEffect(() => {
    holdCanvas(flow)
    return () => holdCanvas(null)
  }, [flow])
  useFirstView(bot, dialog)
  useKeyboard(root)
  useCanvasCommands()
  useEffect(
    () =>
      walked.subscribe(({ whole, head, stepped }, before) => {
        if (whole !== before.whole) showWalk(whole)
        else if (stepped && head !== null && head !== before.head) reveal(head)
      }),
    [],
  )

  usePrune(nodeRecords, edgeRecords, view)

  const carried = useRef<Carried | null>(null)
  const onNodesChange = useCallback((changes: NodeChange[]) => {
    const picks = changes.filter((change) => change.type === 'select')
    if (picks.length > 0) {
      const now = selection.getState()
      selectItems(afterPicks(pickedItems(now), picks), now.edges)
    }
    const rest = changes.flatMap((change) =>
      change.type === 'select' || change.type === 'remove' ? [] : withCarried(change, carried.current),
    )
    if (rest.length > 0) setNodes((before) => applyNodeChanges(rest, before))
  }, [])
  const onEdgesChange = useCallback((changes: EdgeChange[]) => {
    const picks = changes.filter((change) => change.type === 'select')
    if (picks.length > 0) {
      const { nodes, edges, notes, groups } = selection.getState()
      select(nodes, afterPicks(edges, picks), { notes, groups })
    }
  }, [])

  const onNodeDragStart = useCallback((_: unknown, __: Node, dragged: Node[]) => {
    carried.current = carriedWith(dragged)
  }, [])
  const onNodeDrag = useCallback((_: unknown, node: Node, dragged: Node[]) => {
    const dropInto = toItem(node.id).kind === 'block' ? groupUnder(node, dragged) : null
    if (canvasState.getState().dropInto !== dropInto) canvasState.setState({ dropInto })
  }, [])
  const onNodeDragStop = useCallback((event: MouseEvent | TouchEvent | React.MouseEvent, _: Node, dragged: Node[]) => {
    const moves = { ...movesOf(dragged), ...carriedMoves(dragged, carried.current) }
    const joins = dragged.flatMap((node) => {
      const { document } = draft.getState()
      // What moves along with its whole group stays in it.
      if (!document.nodes[node.id] || isCarried(document, node.id, dragged)) return []
      return [{ node: node.id, group: groupUnder(node, dragged) }]
    })
    carried.current = null
    canvasState.setState({ dropInto: null })
    const alone = dragged.length === 1 ? dragged[0]!.id : null
    const loose = alone !== null && Object.keys(blockViews.getState().views[alone]?.wired ?? {}).length === 0
    const wire = loose && 'clientX' in event ? wireAt({ x: event.clientX, y: event.clientY }) : null
    draft.commit(
      (document) => {
        moveBlocks(document, moves)
        for (const { node, group } of joins) if (groupOf(document, node) !== group) putInGroup(document, [node], group)
        if (alone && wire) insertOnWire(document, draft.getState().facts, wire, alone)
      },
      { label: 'move' },
    )
  }, [])

  const onSelectionDragStart = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, dragged: Node[]) =>
      onNodeDragStart(event, dragged[0]!, dragged),
    [onNodeDragStart],
  )
  const onSelectionDragStop = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, dragged: Node[]) => onNodeDragStop(event, dragged[0]!, dragged),
    [onNodeDragStop],
  )
  const onMoveStart = useCallback(() => {
    closeMenus()
    root.current?.setAttribute('data-moving', '')
  }, [])
  const onMoveEnd = useCallback(
    (_: unknown, viewport: Viewport) => {
      root.current?.removeAttribute('data-moving')
      sessionStorage.setItem(viewKey(bot, dialog), JSON.stringify(viewport))
    },
    [bot, dialog],
  )

  const onConnectStart = useCallback((_: unknown, params: OnConnectStartParams) => {
    if (!params.nodeId || !params.handleId || !params.handleType) return
    const { document, facts } = draft.getState()
    const end = { node: params.nodeId, port: params.handleId, side: sideOf(params.handleType) }
    canvasState.setState({
      takers: findTakers(graphNow(document, facts), blockViews.getState().views, end),
    })
  }, [])
  const onConnect = useCallback((connection: Connection) => {
    const ends = endsOf(connection)
    if (!ends) return
    draft.commit((document) => void connect(document, draft.getState().facts, ends.from, ends.to), { label: 'connect' })
    announce(wordOf('said.connected'))
  }, [])
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      canvasState.setState({ takers: null })
      if (state.isValid || !state.fromHandle?.id || !state.fromNode) return
      const end = { node: state.fromNode.id, port: state.fromHandle.id, side: sideOf(state.fromHandle.type) }
      const point = 'changedTouches' in event ? event.changedTouches[0]! : event
      const screen = { x: point.clientX, y: point.clientY }
      if (state.toHandle?.id && state.toNode) {
        const other = { node: state.toNode.id, port: state.toHandle.id }
        const { document, facts } = draft.getState()
        const graph = graphNow(document, facts)
        const refusal = end.side === 'output' ? refusalOf(graph, end, other) : refusalOf(graph, other, end)
        if (refusal) announce(wordOf(`wire.refused.${refusal}`), true)
        return
      }
      if (state.toNode) return
      canvasState.setState({ quickAdd: { at: flow.screenToFlowPosition(screen), screen, from: end } })
    },
    [flow],
  )
  const onReconnect = useCallback((old: Edge, connection: Connection) => {
    const ends = endsOf(connection)
    if (!ends) return
    draft.commit((document) => void reconnect(document, draft.getState().facts, old.id, ends.from, ends.to), {
      label: 'reconnect',
    })
  }, [])
  const isValidConnection = useCallback((connection: Connection | Edge) => {
    const ends = endsOf(connection)
    const { document, facts } = draft.getState()
    return ends !== null && refusalOf(graphNow(document, facts), ends.from, ends.to) === null
  }, [])

  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(blockTypeMime)
    if (!type) return
    event.preventDefault()
    const at = flow.screenToFlowPosition({ x: event.clientX - 32, y: event.clientY - 28 })
    const wire = wireAt({ x: event.clientX, y: event.clientY })
    let added: string | null = null
    draft.commit(
      (document) => {
        added = addBlock(document, type, at, dialogOf(document))
        const group = added && groupAt(shownPart(draft.getState().document), at, new Set(), sizeOf)
        if (added && group) putInGroup(document, [added], group)
        if (added && wire) insertOnWire(document, draft.getState().facts, wire, added)
      },
      { label: 'add' },
    )
    if (added) select([added])
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop and point at; everything in it has its own role
    <div
      ref={root}
      className={`bl-canvas ${isWalked ? 'bl-canvas--walked' : ''}`}
      data-detail={detail}
      onPointerMove={(event: PointerEvent) => holdPointer({ x: event.clientX, y: event.clientY })}
      onPointerLeave={() => holdPointer(null)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(blockTypeMime)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={onDrop}
      onDoubleClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return
        const screen = { x: event.clientX, y: event.clientY }
        canvasState.setState({ quickAdd: { at: flow.screenToFlowPosition(screen), screen } })
      }}
    >
      <ReactFlow
        aria-label={t('canvas')}
        nodes={allNodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={onNodeDragStart}
        onNodeDrag={onNodeDrag}
        onNodeDragStop={onNodeDragStop}
        onSelectionDragStart={onSelectionDragStart}
        onSelectionDragStop={onSelectionDragStop}
        onConnectStart={onConnectStart}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onReconnect={onReconnect}
        isValidConnection={isValidConnection}
        connectionLineComponent={ConnectionLine}
        connectionMode={ConnectionMode.Strict}
        connectionRadius={28}
        reconnectRadius={reach}
        onMoveStart={onMoveStart}
        onMoveEnd={onMoveEnd}
        onPaneClick={closeMenus}
        onNodeDoubleClick={onNodeDoubleClick}
        onNodeContextMenu={onNodeContextMenu}
        onPaneContextMenu={onPaneContextMenu}
        snapToGrid
        snapGrid={grid}
        minZoom={0.1}
        maxZoom={2}
        panOnScroll
        zoomOnDoubleClick={false}
        zoomActivationKeyCode={zoomKeys}
        multiSelectionKeyCode={zoomKeys}
        selectionKeyCode="Shift"
        deleteKeyCode={null}
        disableKeyboardA11y
        elevateNodesOnSelect
        onlyRenderVisibleElements={nodes.length > mostOnPage}
        proOptions={proOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Bands nodes={allNodes} />
        <MiniMap
          position="bottom-right"
          pannable
          zoomable
          nodeColor={minimapColour}
          nodeStrokeWidth={0}
          nodeBorderRadius={24}
          style={minimapSize}
          ariaLabel={t('minimap')}
        />
        <ZoomControls />
        <PickedBar />
      </ReactFlow>
      <Overlays />
      {manyDialogs && (
        <Suspense>
          <DialogBar />
        </Suspense>
      )}
      <LiveRegion />
    </div>
  )
}

function onNodeDoubleClick(_: unknown, node: Node): void {
  if (toItem(node.id).kind !== 'block') {
    canvasState.setState({ editing: node.id })
    return
  }
  const called = calledDialog(draft.getState().document, node.id)
  if (called) showDialog(called)
  const target = blockViews.getState().views[node.id]?.leadsTo
  if (target) void flyTo(target)
}

function onNodeContextMenu(event: React.MouseEvent, node: Node): void {
  event.preventDefault()
  if (!pickedItems(selection.getState()).includes(node.id)) selectItems([node.id])
  canvasState.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, of: 'items' } })
}

function onPaneContextMenu(event: MouseEvent | React.MouseEvent): void {
  event.preventDefault()
  canvasState.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, of: 'ground' } })
}

/** Where things were that a dragged group takes along, and the frame that they follow. */
interface Carried {
  frame: string
  from: Point
  items: ReadonlyMap<string, Point>
}

function carriedWith(dragged: readonly Node[]): Carried | null {
  const frame = dragged.find((node) => node.type === 'frame')
  if (!frame) return null
  const { document } = draft.getState()
  const own = new Set(dragged.map((node) => node.id))
  const along = carriedBy(document, [...own], sizeOf).filter((item) => !own.has(item))
  const items = along.flatMap((item) => {
    const at = placeOf(document, item)
    return at ? [[item, at] as const] : []
  })
  return { frame: frame.id, from: frame.position, items: new Map(items) }
}

/** A frame has no place of its own: when it is moved, what it carries is moved instead. */
function withCarried(change: NodeChange, carried: Carried | null): NodeChange[] {
  if (!('id' in change) || toItem(change.id).kind !== 'group') return [change]
  if (change.type !== 'position' || change.id !== carried?.frame || !change.position) return []
  const { position, dragging } = change
  const [dx, dy] = [position.x - carried.from.x, position.y - carried.from.y]
  return [...carried.items].map(([id, { x, y }]) => ({
    id,
    type: 'position',
    position: { x: x + dx, y: y + dy },
    dragging,
  }))
}

function movesOf(dragged: readonly Node[]): Record<string, Point> {
  return Object.fromEntries(dragged.flatMap((node) => (node.type === 'frame' ? [] : [[node.id, node.position]])))
}

function carriedMoves(dragged: readonly Node[], carried: Carried | null): Record<string, Point> {
  const frame = dragged.find((node) => node.id === carried?.frame)
  if (!carried || !frame) return {}
  const [dx, dy] = [frame.position.x - carried.from.x, frame.position.y - carried.from.y]
  return Object.fromEntries([...carried.items].map(([item, { x, y }]) => [item, { x: x + dx, y: y + dy }]))
}

/** Whether all of a block's group is dragged with it. */
function isCarried(document: GraphDocument, node: string, dragged: readonly Node[]): boolean {
  const group = groupOf(document, node)
  if (group === null) return false
  const moved = new Set(
    carriedBy(
      document,
      dragged.map((one) => one.id),
      sizeOf,
    ),
  )
  return document.view.groups[group]!.nodes.every((other) => moved.has(other))
}

/** The group that takes a dragged block in: the one under its middle. */
function groupUnder(node: Node, dragged: readonly Node[]): string | null {
  const box: Box = { ...node.position, ...sizeOf(node.id) }
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  return groupAt(shownPart(draft.getState().document), middle, new Set(dragged.map((one) => one.id)), sizeOf)
}

/** What somebody or an undo has taken away is picked no longer. */
function usePrune(
  nodes: GraphDocument['nodes'],
  edges: GraphDocument['edges'],
  { notes, groups }: GraphDocument['view'],
): void {
  useEffect(() => {
    const now = selection.getState()
    const there = (ids: readonly string[], table: Record<string, unknown>) => {
      const left = ids.filter((id) => table[id])
      return left.length === ids.length ? ids : left
    }
    select(there(now.nodes, nodes), there(now.edges, edges), {
      notes: there(now.notes, notes),
      groups: there(now.groups, groups),
    })
  }, [nodes, edges, notes, groups])
}

/** How much a block shows at a zoom: everything, its name large, or its name larger still. */
function detailOf(zoom: number): 'all' | 'name' | 'far' {
  return zoom >= 0.5 ? 'all' : zoom >= 0.28 ? 'name' : 'far'
}

function minimapColour(node: Node): string {
  if (node.type === 'frame') return 'var(--bl-hover)'
  if (node.type === 'note') return 'var(--bl-note-line)'
  const type = draft.getState().document.nodes[node.id]?.type ?? ''
  return `var(--bl-hue-${registry.nodes[type]?.hue ?? 'logic'})`
}

function afterPicks(before: readonly string[], changes: readonly { id: string; selected: boolean }[]): string[] {
  const picked = new Set(before)
  for (const { id, selected } of changes) selected ? picked.add(id) : picked.delete(id)
  return [...picked]
}

function sideOf(handle: 'source' | 'target'): 'input' | 'output' {
  return handle === 'source' ? 'output' : 'input'
}

function endsOf(connection: Connection | Edge): { from: End; to: End } | null {
  const { source, sourceHandle, target, targetHandle } = connection
  return sourceHandle && targetHandle
    ? { from: { node: source, port: sourceHandle }, to: { node: target, port: targetHandle } }
    : null
}

/** The wire under a point of the screen, below whatever lies on it. */
function wireAt({ x, y }: Point): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id')
    if (id) return id
  }
  return null
}

const viewKey = (bot: string, dialog: string): string =>
  `botloom.view.${bot}${dialog === mainDialog ? '' : `.${dialog}`}`

/** Zooms at which lines, and names alone, can still be read. */
const readable = 0.62
const recognisable = 0.3
/** Height of what lies in the canvas' upper corner, px of the screen. */
const cornerRoom = 120

/** What tells the story of a bot at one glance: how it learns, where a conversation starts, and where the two meet. */
function openingNodes(): string[] {
  const { nodes, edges } = shownPart(draft.getState().document)
  const isLearn = (id: string) => registry.nodes[nodes[id]?.type ?? '']?.family === 'pipeline'
  const fed = Object.values(edges).flatMap((edge) => (isLearn(edge.from.node) ? [edge.to.node] : []))
  const starts = Object.keys(nodes).filter((id) => isLearn(id) || registry.nodes[nodes[id]!.type]?.single)
  return [...new Set([...starts, ...fed])]
}

/** Where the person left off; the first time the whole graph, or the heart of it where the whole would be too small. */
function useFirstView(bot: string, dialog: string) {
  const flow = useReactFlow()
  const ready = useNodesInitialized()
  const shown = useRef('')
  useEffect(() => {
    if (!ready || shown.current === `${bot} ${dialog}`) return
    shown.current = `${bot} ${dialog}`
    if (showAsked()) return
    const stored = sessionStorage.getItem(viewKey(bot, dialog))
    if (stored) {
      void flow.setViewport(JSON.parse(stored))
      return
    }
    const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
    if (!pane) return
    const zoomFor = (bounds: Rect) => Math.min(pane.width / (bounds.width + 200), pane.height / (bounds.height + 200))
    const all = flow.getNodesBounds(flow.getNodes())
    const opening = openingNodes()
    if (zoomFor(all) >= readable) fitCanvas()
    else if (zoomFor(flow.getNodesBounds(opening)) >= recognisable) fitCanvas(opening, cornerRoom)
    else void flow.setViewport({ x: 64 - all.x * readable, y: cornerRoom + 56 - all.y * readable, zoom: readable })
  }, [ready, bot, dialog, flow])
}
