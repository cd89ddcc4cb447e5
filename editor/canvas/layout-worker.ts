import { registry } from '#editor/document/registry.ts'
import type { LayoutJob } from './lay-out-aside.ts'
import { layOut } from './layout.ts'

/** Lays out one graph away from the page, and answers its places. */
self.onmessage = ({ data: { document, sizes } }: MessageEvent<LayoutJob>) => {
  self.postMessage(layOut(document, registry, (node) => sizes[node]!))
}
