import i18next from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { studioLanguage } from '#editor/app/i18n.ts'
import { number, percent } from '#editor/app/ui/words.ts'
import { configOf } from '#editor/document/graph-now.ts'
import { registry } from '#editor/document/registry.ts'
import type { Failure } from '#kit/errors/errors.ts'
import { errorText, fillText, isErrorCode } from '#kit/errors/errors.ts'
import type { Port } from '#kit/ports.ts'
import { pickText } from '#kit/text.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { problemTexts } from '#runtime/graph/problem-texts.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { NodeState } from '#server/api/dto.ts'

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

/**
 * The one line that says what a block does now. Local texts among the values are shown in the studio's language; `target` is the block that
 * a setting leads to, whose name only the document knows.
 */
export function summaryText(
  summary: { key: string; params: Record<string, unknown> } | null,
  target?: NodeRecord,
): string {
  if (!summary) return ''
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(summary.params))
    params[name] =
      typeof value === 'number'
        ? number(value, 3)
        : value !== null && typeof value === 'object'
          ? pickText(value as Record<string, string>, studioLanguage())
          : value
  if (target) params.target = blockName(target)
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

const longestValue = 24

/** The value of a setting as its form shows it; null where it takes a form to show it. */
export function valueText(node: Pick<NodeRecord, 'type'>, field: string, value: unknown): string | null {
  if (value === null) return blockText(`${node.type}.${field}.empty`) || i18next.t('value.default', { ns: 'canvas' })
  if (value === '' || (Array.isArray(value) && value.length === 0)) return i18next.t('value.none', { ns: 'canvas' })
  if (typeof value === 'number')
    // A learning rate is read as people write it.
    return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : number(value, 6)
  if (typeof value === 'boolean') return i18next.t(value ? 'value.on' : 'value.off', { ns: 'canvas' })
  const text =
    typeof value === 'string'
      ? blockText(`${node.type}.${field}.${value}`) || value
      : Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? value.map((one) => blockText(`${node.type}.${field}.${one}`) || one).join(', ')
        : null
  return text !== null && text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text
}

export function useCanvasWords(): Translate {
  const { t } = useTranslation('canvas')
  return useMemo(() => (key, params) => t(key, params ?? {}), [t])
}
