import { graphOf } from '../../drivers/chat.ts'
import type { TranscriptBot } from './parts.ts'
import { shop } from './shop.ts'

/** The shop with a block of its own that hands over. */
export const staffed: TranscriptBot = {
  graph: {
    ...shop.graph,
    nodes: {
      ...shop.graph.nodes,
      desk: graphOf(
        {
          desk: {
            type: 'hand-over',
            config: {
              message: { 'zh-CN': '我请小王来接待您。', en: 'Let me get Wang for you.' },
              reason: 'order {{order}}',
            },
          },
        },
        [],
      ).nodes.desk!,
    },
    edges: {
      ...shop.graph.edges,
      desk: { id: 'desk', from: { node: 'listen', port: 'fallback' }, to: { node: 'desk', port: 'in' } },
    },
  },
  classify: shop.classify,
}
