import type { Size, SizeOf } from '#editor/document/boxes.ts'
import type { Point } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'

/** Up to so many blocks the layout takes less than a person notices. */
const few = 300

export interface LayoutJob {
  document: GraphDocument
  sizes: Record<string, Size>
}

/** Places of all items; a large graph is laid out in a worker, so that the page stays alive. */
export async function layOutAside(document: GraphDocument, sizeOf: SizeOf): Promise<Record<string, Point>> {
  const nodes = Object.keys(document.nodes)
  if (nodes.length <= few) return (await import('./layout.ts')).layOut(document, registry, sizeOf)
  const sizes = Object.fromEntries(nodes.map((node) => [node, sizeOf(node)]))
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Record<string, Point>>) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage({ document, sizes } satisfies LayoutJob)
    })
  } finally {
    worker.terminate()
  }
}
