import { blockName, blockText, portText } from '#editor/canvas/words.ts'
import { blockViews } from '#editor/document/block-views.ts'
import type { Ports } from '#kit/ports.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Trace } from '#server/api/dto.ts'

type Step = Trace['path'][number]
type Translate = (key: string, params?: Record<string, unknown>) => string

/** Before what no block decides: digressions, corrections, commands. */
const ofConversation = 'conversation.note.'

export function stepName(nodes: Record<string, NodeRecord>, step: Pick<Step, 'node'>, t: Translate): string {
  const node = nodes[step.node]
  return node ? blockName(node) : t('why.gone')
}

/** What a block decided, in its own words, or what the conversation did at it; empty where nothing was decided. */
export function stepNote(nodes: Record<string, NodeRecord>, { node, note }: Step, t: Translate): string {
  if (note?.key.startsWith(ofConversation)) return t(`did.${note.key.slice(ofConversation.length)}`)
  const type = nodes[node]?.type
  if (!type || !note) return ''
  return blockText(`${type}.${note.key}`, note.params) || blockText(note.key, note.params)
}

/** The name of the port that a block was left by; null for a block with a single way out. `outputs` are the open draft's where none are given. */
export function stepPort(
  nodes: Record<string, NodeRecord>,
  { node, port }: Step,
  outputs: Ports = blockViews.getState().views[node]?.outputs ?? {},
): string | null {
  const type = nodes[node]?.type
  if (port === null) return null
  if (!type) return port
  return Object.keys(outputs).length === 1 ? null : portText(type, port, outputs[port])
}

export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
