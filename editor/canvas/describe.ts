import i18next from 'i18next'
import type { BlockView } from '#editor/document/block-views.ts'
import { draft } from '#editor/document/store.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { NodeState } from '#server/api/dto.ts'
import { staleTexts } from './stale-words.ts'
import { blockName, blockText, figureText, portText } from './words.ts'

const mostPorts = 6

/** What a screen reader says of a block: "fine-tune, done, 93.1 percent, output model connected to intent". */
export function describeBlock(
  node: NodeRecord,
  view: BlockView,
  state: NodeState | undefined,
  problems: readonly Problem[] | undefined,
  target: NodeRecord | undefined,
): string {
  const t = (key: string, params?: Record<string, unknown>) => i18next.t(key, { ns: 'canvas', ...params })
  const { nodes } = draft.getState().document
  const name = blockName(node)
  const type = blockText(`${node.type}.name`)
  const parts = [name === type ? name : t('say.name', { name, type })]
  if (state?.stale) parts.push(t('say.stale'), ...staleTexts(state.stale, node, draft.getState().document, t))
  else if (state && state.status !== 'idle') parts.push(t(`status.${state.status}`))
  if (state?.figure && state.status === 'done') parts.push(figureText(state.figure))
  const wired = Object.entries(view.outputs).filter(([id]) => view.wired[id])
  for (const [id, port] of wired.slice(0, mostPorts)) {
    const others = (view.wired[id] ?? []).flatMap((other) => (nodes[other] ? [blockName(nodes[other])] : []))
    parts.push(t('say.output', { port: portText(node.type, id, port), blocks: others.join(t('say.and')) }))
  }
  if (wired.length > mostPorts) parts.push(t('say.more', { count: wired.length - mostPorts }))
  if (target) parts.push(t('say.leads-to', { block: blockName(target) }))
  const errors = problems?.filter((problem) => problem.severity === 'error').length ?? 0
  if (errors > 0) parts.push(t('badge.errors', { count: errors }))
  return parts.join(t('say.comma'))
}
