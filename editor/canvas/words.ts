import i18next from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { studioLanguage } from '#editor/app/i18n.ts'
import { number, percent } from '#editor/app/ui/words.ts'
import { configOf } from '#editor/document/block-views.ts'
import { registry } from '#editor/document/registry.ts'
import type { Failure } from '#kit/errors/errors.ts'
import { errorText, fillText, isErrorCode } from '#kit/errors/errors.ts'
import type { Port } from '#kit/ports.ts'
import { pickText } from '#kit/text.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { problemTexts } from '#runtime/graph/problem-texts.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { NodeState, StaleReason } from '#server/api/dto.ts'

export type Translate = (key: string, params?: Record<string, unknown>) => string

/** A block's own string: `fine-tune.epochs`. Falls back to nothing, never to the key. */
export function blockText(key: string, params: Record<string, unknown> = {}): string {
  return i18next.t(key, { ns: 'blocks', defaultValue: '', ...params })
}

/** Name that a person gave, or the type's name in the studio's language. */
export function blockName(node: NodeRecord): string {
  return node.name || blockText(`${node.type}.name`) || node.type
}

export function portText(type: string, id: string, port: Port | undefined): string {
  if (!port) return id
  if (port.label) return port.label.name
  if (port.text) return pickText(port.text, studioLanguage()) || blockText(`${type}.port.item`) || '…'
  return blockText(`${type}.${port.title ?? `port.${id}`}`) || id
}

/** The one line that says what a block does now. Local texts among the values are shown in the studio's language. */
export function summaryText(summary: { key: string; params: Record<string, unknown> } | null): string {
  if (!summary) return ''
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(summary.params))
    params[name] =
      typeof value === 'number'
        ? number(value, 3)
        : value !== null && typeof value === 'object'
          ? pickText(value as Record<string, string>, studioLanguage())
          : value
  return blockText(summary.key, params)
}

export function figureText(figure: NonNullable<NodeState['figure']>): string {
  if (figure.key === 'rows') return i18next.t('figure.rows', { ns: 'canvas', rows: number(figure.value) })
  return figure.value <= 1 ? percent(figure.value) : number(figure.value, 2)
}

export function failureWords(failure: Failure): { message: string; remedy: string } {
  return isErrorCode(failure.code) && failure.params
    ? errorText(failure.code, failure.params, studioLanguage())
    : { message: failure.message, remedy: failure.remedy }
}

export function problemText(problem: Problem, document: GraphDocument): string {
  const node = problem.node === undefined ? undefined : document.nodes[problem.node]
  const params: Record<string, unknown> = { ...problem.params }
  if (typeof params.language === 'string')
    params.language = new Intl.DisplayNames([studioLanguage()], { type: 'language' }).of(params.language)
  if (node && problem.port !== undefined) params.port = portName(node, problem.port)
  if (node && problem.field) params.field = blockText(`${node.type}.${problem.field.split('.')[0]}`)
  const own = blockText(problem.code, params)
  if (own) return own
  const known = problemTexts[problem.code]
  if (known) return fillText(known[studioLanguage()], params)
  return isErrorCode(problem.code)
    ? errorText(problem.code, problem.params ?? {}, studioLanguage()).message
    : problem.code
}

function portName(node: NodeRecord, id: string): string {
  const definition = registry.nodes[node.type]
  if (!definition) return id
  for (const ports of [definition.inputs, definition.outputs]) {
    const known = typeof ports === 'function' ? ports(configOf(node), { labels: [], rows: 0 }) : ports
    if (known[id]) return portText(node.type, id, known[id])
  }
  return id
}

/** Why a block must run again, in words. */
export function staleText(reason: StaleReason, node: NodeRecord, document: GraphDocument, t: Translate): string {
  switch (reason.kind) {
    case 'field': {
      const field = blockText(`${node.type}.${reason.field}`) || reason.field
      const plain = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && value.length < 20)
      return plain(reason.from) && plain(reason.to)
        ? t('stale.field-from-to', {
            field,
            from: valueText(node.type, reason.field, reason.from),
            to: valueText(node.type, reason.field, reason.to),
          })
        : t('stale.field', { field })
    }
    case 'rows':
      if (reason.added > 0 && reason.removed > 0)
        return t('stale.rows', { added: number(reason.added), removed: number(reason.removed) })
      return reason.removed > 0
        ? t('stale.rows-removed', { removed: number(reason.removed) })
        : t('stale.rows-added', { added: number(reason.added) })
    case 'upstream': {
      const before = document.nodes[reason.node]
      return t('stale.upstream', { block: before ? blockName(before) : '' })
    }
    default:
      return t(`stale.${reason.kind}`)
  }
}

function valueText(type: string, field: string, value: unknown): string {
  if (typeof value === 'number') return number(value, 6)
  return blockText(`${type}.${field}.${String(value)}`) || String(value)
}

export function useCanvasWords(): Translate {
  const { t } = useTranslation('canvas')
  return useMemo(() => (key, params) => t(key, params ?? {}), [t])
}
