import type { NodeProps } from '@xyflow/react'
import i18next from 'i18next'
import { memo, type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { type BlockView, useBlockView, useProblemsOf } from '#editor/document/block-views.ts'
import { registry } from '#editor/document/registry.ts'
import { useRunState } from '#editor/document/run-states.ts'
import { useDraft } from '#editor/document/store.ts'
import { portTypes } from '#kit/ports.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { BlockMarks } from './block-marks.tsx'
import { BlockStatus } from './block-status.tsx'
import { useCanvasState, useFound } from './control.ts'
import { describeBlock } from './describe.ts'
import { foldLines, type PortLine, portLines } from './fold-ports.ts'
import { BlockIcon } from './icons.tsx'
import { PortHandle } from './port-handle.tsx'
import { usePortsMoved } from './use-ports-moved.ts'
import { useIsWalked, useIsWalkHead } from './walked-path.ts'
import { blockName, portText, summaryText } from './words.ts'

const nothing: BlockView = { inputs: {}, outputs: {}, summary: null, leadsTo: null, wired: {} }
const noTakers: ReadonlySet<string> = new Set()

/** A block on the canvas. It knows its id only and subscribes to what is its own, so that others' changes pass it by. */
export const Block = memo(function Block({ id }: NodeProps) {
  const node = useDraft((state) => state.document.nodes[id])
  return node ? <BlockCard node={node} /> : null
})

function BlockCard({ node }: { node: NodeRecord }) {
  const { id, type } = node
  // Labels and summaries are looked up in i18next directly; this makes the card follow a change of language.
  useTranslation(['canvas', 'blocks'])
  const view = useBlockView(id) ?? nothing
  const target = useDraft(({ document }) => (view.leadsTo === null ? undefined : document.nodes[view.leadsTo]))
  const problems = useProblemsOf(id)
  const state = useRunState(id)
  const isWalked = useIsWalked(id)
  const isHead = useIsWalkHead(id)
  const takers = useCanvasState((canvas) => (canvas.takers ? (canvas.takers.get(id) ?? noTakers) : null))
  const lit = useFound(id)
  const definition = registry.nodes[type]
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')

  const { inputs, outputs, headInput, headOutput } = useMemo(() => arrange(view), [view])
  const folded = useMemo(() => foldLines(outputs), [outputs])
  const isFoldable = folded.hidden.length > 0
  const found = (line: PortLine) =>
    search === '' || portText(type, line.id, line.port).toLowerCase().includes(search.toLowerCase())
  const shown = open ? outputs.filter(found) : folded.shown
  const hidden = open ? outputs.filter((line) => !found(line)) : folded.hidden

  usePortsMoved(
    id,
    `${inputs.map((line) => line.id)}|${shown.map((line) => line.id)}|${hidden.length}|${headInput?.id}|${headOutput?.id}`,
  )

  const errors = problems?.some((problem) => problem.severity === 'error') ?? false
  const handle = (line: PortLine, side: 'input' | 'output') => (
    <PortHandle
      key={`${side} ${line.id}`}
      id={line.id}
      side={side}
      type={line.port.type}
      label={portText(type, line.id, line.port)}
      wired={view.wired[line.id] !== undefined}
      shut={takers !== null && !takers.has(`${side === 'input' ? 'i' : 'o'}:${line.id}`)}
    />
  )
  const rows = Math.max(inputs.length, shown.length)

  return (
    <div
      className={`bl-block ${errors ? 'bl-block--error' : ''} ${isWalked ? 'bl-block--walked' : ''} ${isHead ? 'bl-block--head' : ''}`}
      data-hue={definition?.hue ?? 'logic'}
      data-status={state?.status ?? 'idle'}
      data-found={lit}
    >
      <span id={`bl-say-${id}`} className="bl-sr-only">
        {describeBlock(node, view, state, problems, target)}
      </span>
      <BlockMarks id={id} />
      <div className="bl-block__head">
        {headInput && handle(headInput, 'input')}
        <span className="bl-block__icon">
          <BlockIcon name={definition?.icon ?? 'unknown'} />
        </span>
        <span className="bl-block__titles">
          <span className="bl-block__title">{blockName(node)}</span>
          <span className="bl-block__summary">{summaryText(view.summary, target)}</span>
        </span>
        {problems && <ProblemBadge problems={problems} />}
        {headOutput && handle(headOutput, 'output')}
      </div>
      {(rows > 0 || hidden.length > 0) && (
        <div className="bl-block__ports">
          {open && (
            <input
              className="bl-block__search nodrag"
              value={search}
              placeholder={portSearchHint()}
              aria-label={portSearchHint()}
              onChange={(event) => setSearch(event.target.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
          )}
          {Array.from({ length: rows }, (_, row) => {
            const input = inputs[row]
            const output = shown[row]
            return (
              <div className="bl-block__row" key={`${input?.id ?? ''} ${output?.id ?? ''}`}>
                {input && handle(input, 'input')}
                <span className="bl-block__in">{input && portText(type, input.id, input.port)}</span>
                {output && (
                  <span className="bl-block__out">
                    <PortBadge line={output} />
                    <span className="bl-block__label">{portText(type, output.id, output.port)}</span>
                  </span>
                )}
                {output && handle(output, 'output')}
              </div>
            )
          })}
          {isFoldable && (
            <FoldRow
              open={open}
              count={folded.hidden.length}
              needy={open ? 0 : folded.hidden.filter((line) => line.badge !== null).length}
              onToggle={() => {
                setOpen(!open)
                setSearch('')
              }}
            >
              {hidden.map((line) => handle(line, 'output'))}
            </FoldRow>
          )}
        </div>
      )}
      {definition?.family === 'pipeline' && <BlockStatus node={node} state={state} />}
    </div>
  )
}

/** A single way in or out of the conversation sits at the heading; everything else has a line with its name. */
function arrange(view: BlockView): {
  inputs: PortLine[]
  outputs: PortLine[]
  headInput: PortLine | null
  headOutput: PortLine | null
} {
  const inputs: PortLine[] = Object.entries(view.inputs).map(([id, port]) => ({ id, port, badge: null }))
  const outputs = Object.entries(view.outputs).flatMap(([id, port]) =>
    portLines({ [id]: port }, view.wired, portTypes[port.type].data),
  )
  const isFlow = (line: PortLine | undefined) => line?.port.type === 'flow'
  const headInput = isFlow(inputs[0]) ? (inputs.shift() ?? null) : null
  const headOutput = outputs.length === 1 && isFlow(outputs[0]) ? (outputs.pop() ?? null) : null
  return { inputs, outputs, headInput, headOutput }
}

function portSearchHint(): string {
  return wordsOf('ports.search')
}

function wordsOf(key: string, params?: Record<string, unknown>): string {
  return i18next.t(key, { ns: 'canvas', ...params })
}

function PortBadge({ line }: { line: PortLine }) {
  if (line.badge === 'untrained')
    return (
      <span className="bl-block__new" title={wordsOf('ports.untrained')}>
        {wordsOf('ports.new')}
      </span>
    )
  if (line.badge === 'unconnected')
    return (
      <span
        className="bl-block__loose"
        role="img"
        title={wordsOf('ports.unconnected')}
        aria-label={wordsOf('ports.unconnected')}
      />
    )
  return null
}

function FoldRow({
  open,
  count,
  needy,
  onToggle,
  children,
}: {
  open: boolean
  count: number
  needy: number
  onToggle: () => void
  children: ReactNode
}) {
  return (
    <div className="bl-block__row bl-block__row--fold">
      <button
        type="button"
        className="bl-block__fold nodrag"
        aria-expanded={open}
        tabIndex={-1}
        onClick={(event) => {
          event.stopPropagation()
          onToggle()
        }}
      >
        {needy > 0 && <span className="bl-block__loose" />}
        {open ? wordsOf('ports.fold') : wordsOf('ports.more', { count })}
        <Icon name={open ? 'up' : 'down'} size={14} />
      </button>
      {children}
    </div>
  )
}

function ProblemBadge({ problems }: { problems: readonly Problem[] }) {
  const error = problems.some((problem) => problem.severity === 'error')
  const own = problems.filter((problem) => problem.severity === 'error' || !problem.port)
  if (own.length === 0) return null
  return (
    <span
      className={`bl-block__badge bl-block__badge--${error ? 'error' : 'warn'}`}
      title={wordsOf(error ? 'badge.errors' : 'badge.warnings', { count: own.length })}
    >
      <Icon name={error ? 'error' : 'warning'} size={16} />
    </span>
  )
}
