import i18next from 'i18next'
import { number } from '#editor/app/ui/words.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import type { StaleReason } from '#runtime/graph/staleness.ts'
import { blockName, blockText, type Translate, valueText } from './words.ts'

/** Why a block must run again, in words, nearest cause first. */
export function staleTexts(
  reasons: readonly StaleReason[],
  node: NodeRecord,
  document: GraphDocument,
  t: Translate,
): string[] {
  return reasons.map((reason) => staleText(reason, node, document, t))
}

const shownRenames = 2

function staleText(reason: StaleReason, node: NodeRecord, document: GraphDocument, t: Translate): string {
  switch (reason.kind) {
    case 'field': {
      const field = fieldName(node, reason.field)
      const [from, to] = [valueText(node, reason.field, reason.from), valueText(node, reason.field, reason.to)]
      return from === null || to === null || from === to
        ? t('stale.field', { field })
        : t('stale.field-from-to', { field, from, to })
    }
    case 'rows': {
      const { added, removed, changed } = reason
      const parts = Object.entries({ added, changed, removed }).filter(([, count]) => count > 0)
      const [only] = parts
      if (parts.length === 1 && only) return t(`stale.rows-${only[0]}`, { count: only[1], [only[0]]: number(only[1]) })
      return t('stale.rows', {
        list: parts
          .map(([what, count]) => t(`stale.part-${what}`, { count, rows: number(count) }))
          .join(t('say.comma')),
      })
    }
    case 'labels': {
      const [first] = reason.renamed
      if (reason.renamed.length === 1 && first) return t('stale.label', { from: first.from, to: first.to })
      const shown = reason.renamed.slice(0, shownRenames).map(({ from, to }) => t('stale.renamed', { from, to }))
      const more = reason.renamed.length > shownRenames ? ' …' : ''
      return t('stale.labels', { count: reason.renamed.length, list: shown.join(t('say.comma')) + more })
    }
    case 'content':
      return t('stale.content', { field: fieldName(node, reason.field) })
    case 'upstream': {
      const before = document.nodes[reason.node]
      const { cause } = reason
      return t(`stale.upstream-${cause?.kind ?? 'again'}`, {
        block: before ? blockName(before) : '',
        field: before && cause && 'field' in cause ? fieldName(before, cause.field) : '',
      })
    }
    default:
      return t(`stale.${reason.kind}`)
  }
}

function fieldName(node: NodeRecord, field: string): string {
  return blockText(`${node.type}.${field}`) || i18next.t('stale.setting', { ns: 'canvas' })
}
