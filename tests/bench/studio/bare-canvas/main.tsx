import {
  Background,
  type Edge,
  MiniMap,
  type Node,
  ReactFlow,
  useEdgesState,
  useNodesState,
  type Viewport,
} from '@xyflow/react'
import { createRoot } from 'react-dom/client'
import '@xyflow/react/dist/style.css'

/** What the bench puts on the page: the studio's graph, and the part of it that is shown. */
export interface BareGraph {
  nodes: Node[]
  edges: Edge[]
  viewport: Viewport
}

/** The canvas library alone, as its documentation begins with: default blocks and wires, a background, a map. */
function Bare({ graph }: { graph: BareGraph }) {
  const [nodes, , onNodesChange] = useNodesState(graph.nodes)
  const [edges, , onEdgesChange] = useEdgesState(graph.edges)
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      minZoom={0.1}
      defaultViewport={graph.viewport}
    >
      <Background />
      <MiniMap pannable zoomable />
    </ReactFlow>
  )
}

const { graph } = window as unknown as { graph: BareGraph }
createRoot(document.getElementById('root') as HTMLElement).render(<Bare graph={graph} />)
