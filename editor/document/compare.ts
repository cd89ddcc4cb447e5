import type { Facts } from '#kit/facts.ts'
import type { GraphDiff, RecordKey } from '#runtime/graph/diff.ts'
import { makeDiff } from '#runtime/graph/diff-apply.ts'
import type { EdgeRecord, GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { toRecords } from '#runtime/graph/records.ts'
import { type BlockView, viewBlocks } from './block-views.ts'
import type { Point } from './edits.ts'

export type Change = 'added' | 'removed' | 'changed' | 'same'

/** A block of either document, as it is in the newer one where it is in both. */
export interface ComparedBlock {
  node: NodeRecord
  change: Change
  view: BlockView
  position: Point
  /** Paths of what differs, with both values. */
  fields: Record<string, [before: unknown, after: unknown]>
}
export interface ComparedWire {
  edge: EdgeRecord
  change: Change
}
export interface Comparison {
  blocks: Record<string, ComparedBlock>
  wires: ComparedWire[]
  /** Blocks that are the same but stand elsewhere. */
  moved: string[]
  /** Everything that is neither a block nor a wire nor a place: variables, languages, notes. */
  others: {
    key: RecordKey
    change: Change
    before: unknown
    after: unknown
    fields: Record<string, [before: unknown, after: unknown]>
  }[]
}

export interface Side {
  document: GraphDocument
  facts: Facts
}

/** What lies between two documents of a bot, for a picture of both and for a list. */
export function compareDocuments(before: Side, after: Side): Comparison {
  const diff = makeDiff(before.document, after.document, 'dif_compare')
  const changeOf = (key: RecordKey): Change =>
    key in diff.added ? 'added' : key in diff.removed ? 'removed' : key in diff.updated ? 'changed' : 'same'
  const views = {
    before: viewBlocks(before.document, before.facts, {}),
    after: viewBlocks(after.document, after.facts, {}),
  }
  const blocks: Comparison['blocks'] = {}
  for (const [id, node] of Object.entries(after.document.nodes))
    blocks[id] = {
      node,
      change: changeOf(`nodes/${id}`),
      view: views.after[id]!,
      position: after.document.view.positions[id] ?? { x: 0, y: 0 },
      fields: diff.updated[`nodes/${id}`] ?? {},
    }
  for (const [id, node] of Object.entries(before.document.nodes))
    if (!blocks[id])
      blocks[id] = {
        node,
        change: 'removed',
        view: views.before[id]!,
        position: ghostPlace(id, before.document, after.document, blocks),
        fields: {},
      }

  const moved = Object.keys(diff.updated)
    .filter((key) => key.startsWith('positions/'))
    .map((key) => key.slice('positions/'.length))
  const drawn = /^(nodes|edges|positions)\//
  const [was, is] = [toRecords(before.document), toRecords(after.document)]
  const others = [...Object.keys(diff.added), ...Object.keys(diff.removed), ...Object.keys(diff.updated)]
    .filter((key) => !drawn.test(key))
    .map((key) => ({
      key,
      change: changeOf(key),
      before: was[key],
      after: is[key],
      fields: diff.updated[key] ?? {},
    }))
  apart(blocks, [...new Set([...Object.keys(after.document.dialogs), ...Object.keys(before.document.dialogs)])])
  return { blocks, wires: compareWires(before.document, after.document, diff), moved, others }
}

/** A wire that was drawn anew between the same ends is the same wire. */
function compareWires(before: GraphDocument, after: GraphDocument, diff: GraphDiff): ComparedWire[] {
  const ends = ({ from, to }: EdgeRecord) => `${from.node} ${from.port} ${to.node} ${to.port}`
  const endsBefore = new Set(Object.values(before.edges).map(ends))
  const endsAfter = new Set(Object.values(after.edges).map(ends))
  return [
    ...Object.values(after.edges).map((edge): ComparedWire => {
      const change = `edges/${edge.id}` in diff.updated ? 'changed' : 'added'
      return { edge, change: endsBefore.has(ends(edge)) ? 'same' : change }
    }),
    ...Object.values(before.edges)
      .filter((edge) => !endsAfter.has(ends(edge)))
      .map((edge): ComparedWire => ({ edge, change: 'removed' })),
  ]
}

/** Each dialog has a canvas of its own; on the one picture of a comparison they lie below each other, in the order given. */
function apart(blocks: Comparison['blocks'], dialogs: readonly string[]): void {
  let foot = Number.NEGATIVE_INFINITY
  for (const dialog of dialogs) {
    const own = Object.values(blocks).filter(({ node }) => node.dialog === dialog)
    if (own.length === 0) continue
    const top = Math.min(...own.map(({ position }) => position.y))
    const down = Math.max(0, foot + 2 * height - top)
    for (const block of own) block.position = { x: block.position.x, y: block.position.y + down }
    foot = Math.max(...own.map(({ position }) => position.y))
  }
}

const width = 280
const height = 132

/** Where a block that is gone is drawn: beside what it was wired to, moved as that has moved, and on nothing that is there. */
function ghostPlace(
  id: string,
  before: GraphDocument,
  after: GraphDocument,
  placed: Readonly<Record<string, ComparedBlock>>,
): Point {
  const at = before.view.positions[id] ?? { x: 0, y: 0 }
  const neighbours = Object.values(before.edges).flatMap(({ from, to }) =>
    from.node === id ? [to.node] : to.node === id ? [from.node] : [],
  )
  const shifts = neighbours.flatMap((other) => {
    const [old, now] = [before.view.positions[other], after.view.positions[other]]
    return old && now ? [{ x: now.x - old.x, y: now.y - old.y }] : []
  })
  const shift = shifts[0] ?? { x: 0, y: 0 }
  const place = { x: at.x + shift.x, y: at.y + shift.y }
  const isTaken = () =>
    Object.values(placed).some(
      ({ position }) => Math.abs(position.x - place.x) < width && Math.abs(position.y - place.y) < height,
    )
  for (let tries = 0; tries < 200 && isTaken(); tries++) place.y += 40
  return place
}
