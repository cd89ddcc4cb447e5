import type { graphOf } from './chat.ts'

/** Blocks and wires as `graphOf` takes them, and where the blocks lie. */
export interface PlacedGraph {
  blocks: Parameters<typeof graphOf>[0]
  wires: string[]
  positions: Record<string, { x: number; y: number }>
}

const kinds = ['say', 'ask', 'say', 'condition', 'say'] as const
const ways = { say: ['out'], ask: ['out', 'failed'], condition: ['else'], start: ['out'] } as const

/**
 * A dialog of so many blocks in rows: each block leads to the next, and what can go wrong leads to the row below; 1.2
 * wires a block, which is what the sample bot has.
 */
export function largeGraph(blocks: number): PlacedGraph {
  const graph: PlacedGraph = { blocks: {}, wires: [], positions: {} }
  const columns = Math.round(Math.sqrt(blocks))
  for (let i = 0; i < blocks; i++) {
    const type = i === 0 ? 'start' : kinds[i % kinds.length]!
    graph.blocks[`b${i}`] = {
      type,
      ...(type === 'say' && { config: { text: { en: `Your parcel number ${i} is on its way.` } } }),
    }
    graph.positions[`b${i}`] = { x: (i % columns) * 320, y: Math.floor(i / columns) * 180 }
    const [next, aside] = ways[type]
    if (i + 1 < blocks) graph.wires.push(`b${i}/${next} -> b${i + 1}`)
    if (aside && i + columns < blocks) graph.wires.push(`b${i}/${aside} -> b${i + columns}`)
  }
  return graph
}
