import type { Edge, Node } from '@xyflow/react'
import type { CSSProperties } from 'react'
import type { BlockView } from '#editor/document/block-views.ts'
import { frameAround } from '#editor/document/boxes.ts'
import { groupItem, noteItem, toItem } from '#editor/document/item-id.ts'
import { pickedItems, type Selection } from '#editor/document/selection.ts'
import type { EdgeRecord, GraphDocument, NodeRecord } from '#runtime/graph/document.ts'

const noData = {}
/** Only a frame's title is there for the pointer. */
const letThrough: CSSProperties = { pointerEvents: 'none' }
const unplaced = { x: 0, y: 0 }

/**
 * Blocks and notes for React Flow. A node holds no data: what it draws it reads from the stores. An unchanged node keeps
 * its identity, and the array as well where nothing changed, so that a keystroke in the inspector redraws no canvas.
 */
export function toFlowNodes(
  before: readonly Node[],
  nodes: Readonly<Record<string, NodeRecord>>,
  { positions, notes }: Pick<GraphDocument['view'], 'positions' | 'notes'>,
  picked: Pick<Selection, 'nodes' | 'notes'>,
): Node[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const chosen = new Set(pickedItems({ ...picked, groups: [] }))
  const items = [...Object.keys(notes).map(noteItem), ...Object.keys(nodes)]
  let same = items.length === before.length
  const next = items.map((item, index): Node => {
    const old = known.get(item)
    const { kind, id } = toItem(item)
    const position = (kind === 'note' ? notes[id]?.position : positions[id]) ?? unplaced
    const selected = chosen.has(item)
    if (old) {
      const still = old.dragging || (old.position.x === position.x && old.position.y === position.y)
      if (still && (old.selected ?? false) === selected) {
        if (before[index] !== old) same = false
        return old
      }
      same = false
      return { ...old, selected, position: still ? old.position : position }
    }
    same = false
    return {
      id: item,
      type: kind,
      position,
      selected,
      // Seen at once, before it is measured: its text may have the caret already.
      ...(kind === 'note' && { initialWidth: notes[id]?.size.width, initialHeight: notes[id]?.size.height }),
      data: noData,
      domAttributes: { 'aria-labelledby': `bl-say-${item}` },
    }
  })
  return same ? (before as Node[]) : next
}

/** Behind every block and wire, whether picked or not: React Flow lifts what is picked by a thousand. */
const behind = { loose: -1, picked: -1001 }

/**
 * The frames of groups around blocks as they are drawn now. Blocks that are dragged out of a group leave its frame where
 * it was, until they are let go of; a group that is dragged whole takes its frame along.
 */
export function toFrames(
  before: readonly Node[],
  drawn: readonly Node[],
  { positions, groups }: Pick<GraphDocument['view'], 'positions' | 'groups'>,
  picked: Selection['groups'],
): Node[] {
  const known = new Map(before.map((frame) => [frame.id, frame]))
  const nodes = new Map(drawn.map((node) => [node.id, node]))
  let same = true
  const next = Object.values(groups).flatMap((group): Node[] => {
    const members = group.nodes.flatMap((id) => nodes.get(id) ?? [])
    if (members.some((node) => !node.measured?.width)) return []
    const whole = members.every((node) => node.dragging)
    const box = frameAround(
      members.map(({ id, position, dragging, measured }) => ({
        ...(dragging && !whole ? (positions[id] ?? position) : position),
        width: measured?.width ?? 0,
        height: measured?.height ?? 0,
      })),
    )
    if (!box) return []
    const { x, y, width, height } = box
    const id = groupItem(group.id)
    const selected = picked.includes(group.id)
    const old = known.get(id)
    const still =
      old?.position.x === x &&
      old.position.y === y &&
      old.width === width &&
      old.height === height &&
      old.selected === selected
    if (still) return [old]
    same = false
    return [
      {
        id,
        type: 'frame',
        position: { x, y },
        width,
        height,
        measured: { width, height },
        selected,
        zIndex: selected ? behind.picked : behind.loose,
        dragHandle: '.bl-frame__title',
        connectable: false,
        style: letThrough,
        data: noData,
        domAttributes: { 'aria-labelledby': `bl-say-${id}` },
      },
    ]
  })
  return same && next.length === before.length ? (before as Node[]) : next
}

/** The wires for React Flow, kept as the nodes are. A wire whose port went away is left out: it leads nowhere. */
export function toFlowEdges(
  before: readonly Edge[],
  edges: Readonly<Record<string, EdgeRecord>>,
  views: Readonly<Record<string, BlockView>>,
  picked: Selection['edges'],
): Edge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]))
  const chosen = new Set(picked)
  const next: Edge[] = []
  for (const record of Object.values(edges)) {
    const type = views[record.from.node]?.outputs[record.from.port]?.type
    if (!type || !views[record.to.node]?.inputs[record.to.port]) continue
    const selected = chosen.has(record.id)
    const old = known.get(record.id)
    const still =
      old &&
      old.source === record.from.node &&
      old.sourceHandle === record.from.port &&
      old.target === record.to.node &&
      old.targetHandle === record.to.port &&
      old.data?.type === type &&
      (old.selected ?? false) === selected
    next.push(
      still
        ? old
        : {
            id: record.id,
            type: 'wire',
            source: record.from.node,
            sourceHandle: record.from.port,
            target: record.to.node,
            targetHandle: record.to.port,
            selected,
            data: { type },
            // The signature lies over the others.
            zIndex: type === 'classifier' || type === 'knowledge' ? 2 : selected ? 1 : 0,
          },
    )
  }
  return next.length === before.length && next.every((edge, index) => edge === before[index])
    ? (before as Edge[])
    : next
}
