import type { GraphDocument } from '#runtime/graph/document.ts'
import type { GraphView } from '#runtime/graph/graph-view.ts'
import type { End } from '#runtime/graph/wiring.ts'
import { around, type Box, boxesOf, overlaps, type SizeOf } from './boxes.ts'
import { addBlock } from './edits.ts'
import { newId } from './ids.ts'

export interface OpenTopic {
  port: string
  name: string
}

/** Topics with rows that an Intent block tells and that lead nowhere yet; none for another block. */
export function openTopics(view: GraphView, block: string): OpenTopic[] {
  if (view.document.nodes[block]?.type !== 'intent') return []
  const wired = new Set(view.edgesOutOf(block).map(({ from }) => from.port))
  return Object.entries(view.portsOf(block).outputs).flatMap(([port, { label }]) =>
    label && label.rows > 0 && !wired.has(port) ? [{ port, name: label.name }] : [],
  )
}

/** Blocks of a column before the next one begins. */
const column = 8
const gap = { x: 80, y: 32 }
/** What a Say block takes, a line of words in it. */
const reply = { width: 256, height: 128 }

/**
 * A branch for each topic that leads nowhere: a Say block with its name and an empty reply, which leads back to where the next question
 * is listened to. To be carried out inside a `commit`; `topics` are those of `openTopics`. Answers the new blocks.
 */
export function addTopicBranches(
  document: GraphDocument,
  block: string,
  topics: readonly OpenTopic[],
  sizeOf: SizeOf,
): string[] {
  const dialog = document.nodes[block]?.dialog
  const corner = freeCorner(document, block, topics.length, sizeOf)
  return topics.flatMap(({ port, name }, index) => {
    const at = {
      x: corner.x + Math.floor(index / column) * (reply.width + gap.x),
      y: corner.y + (index % column) * (reply.height + gap.y),
    }
    const node = addBlock(document, 'say', at, dialog)
    if (node === null) return []
    const record = document.nodes[node]!
    record.name = name
    record.config = { ...record.config, text: {} }
    // Both ends are known to fit: asking for each wire would take seconds for hundreds of topics.
    wire(document, { node: block, port }, { node, port: 'in' })
    wire(document, { node, port: 'out' }, { node: block, port: 'in' })
    return [node]
  })
}

function wire(document: GraphDocument, from: End, to: End): void {
  const id = newId('e')
  document.edges[id] = { id, from, to }
}

/** Right of the block where there is room, else below everything. */
function freeCorner(document: GraphDocument, block: string, count: number, sizeOf: SizeOf): { x: number; y: number } {
  const own = document.view.positions[block] ?? { x: 0, y: 0 }
  const others = boxesOf(document, Object.keys(document.nodes), sizeOf)
  const area: Box = {
    x: own.x + sizeOf(block).width + gap.x * 2,
    y: own.y,
    width: Math.ceil(count / column) * (reply.width + gap.x),
    height: Math.min(count, column) * (reply.height + gap.y),
  }
  if (!others.some((one) => overlaps(area, one))) return area
  const all = around(others)
  return { x: area.x, y: all ? all.y + all.height + gap.y * 2 : area.y }
}
