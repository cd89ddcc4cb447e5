import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { blockName, portText } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import shared from '#editor/insights/insights.module.css'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { InsightFilter, InsightGraph, VersionDocument } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { toCsv } from '../reports/to-csv.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import { number, percent } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { chatsAddress } from './insight-filter.ts'
import { InsightSection } from './insight-section.tsx'
import styles from './insights.module.css'
import { stopsOf } from './traffic.ts'

const TrafficCanvas = lazy(async () => ({
  default: (await import('#editor/canvas/traffic-canvas.tsx')).TrafficCanvas,
}))

/** The conversation's half of a version with its traffic, and beside it where people stopped. */
export function FlowSection({ bot, version, filter }: { bot: string; version: number; filter: InsightFilter }) {
  const { t } = useTranslation('insights')
  const asked = { ...filter, version }
  const graph = useQuery({
    queryKey: keys.insightGraph(bot, asked),
    queryFn: () => api.insightGraph(bot, version, filter),
  })
  const drawn = useQuery({
    queryKey: keys.version(bot, version),
    queryFn: () => api.version(bot, version),
    // What was published never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const error = graph.error ?? drawn.error
  const wireWords = useWireWords(drawn.data)
  const rows = (): (string | number | null)[][] => [
    ['from', 'port', 'to', 'conversations', 'passes', 'stopped'].map((column) => t(`csv.wire.${column}`)),
    ...Object.entries(graph.data?.wires ?? {}).map(([edge, { conversations, passes, stopped }]) => {
      const { from, port, to } = wireWords(edge)
      return [from, port, to, conversations, passes, stopped]
    }),
  ]
  return (
    <InsightSection
      title={t('flow', { version })}
      about={t('flow.about')}
      csv={graph.data && drawn.data && (() => toCsv(rows()))}
    >
      {error && <ErrorNotice error={error} onRetry={() => void Promise.all([graph.refetch(), drawn.refetch()])} />}
      {!error && !(graph.data && drawn.data) && <div className="bl-skeleton" style={{ height: 520 }} />}
      {graph.data && drawn.data && (
        <Flow bot={bot} filter={asked} graph={graph.data} drawn={drawn.data} wireWords={wireWords} />
      )}
    </InsightSection>
  )
}

interface FlowProps {
  bot: string
  filter: InsightFilter
  graph: InsightGraph
  drawn: VersionDocument
  wireWords: WireWords
}

function Flow({ bot, filter, graph, drawn, wireWords }: FlowProps) {
  const { t } = useTranslation('insights')
  const [search, changeSearch] = useSearch()
  const { document } = drawn
  const picked = search.get('block')
  const pick = (block: string | null) => changeSearch({ block }, { replace: true, preventScrollReset: true })
  const stops = useMemo(() => stopsOf(graph, document), [graph, document])
  const most = Math.max(1, ...Object.values(graph.wires).map(({ conversations }) => conversations))
  // biome-ignore lint/correctness/useExhaustiveDependencies: words of another language are other words
  const wires = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(graph.wires).map(([edge, { conversations, passes, stopped }]) => {
          const words = { ...wireWords(edge), count: conversations, passes: number(passes), stopped: number(stopped) }
          const lost = conversations === 0 ? 0 : stopped / conversations
          return [edge, { weight: conversations / most, lost, title: t('flow.wire', words) }]
        }),
      ),
    [graph, t],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const blocks = useMemo(
    () =>
      Object.fromEntries(
        stops.map(({ block, stopped, conversations }) => [
          block,
          {
            words: t('flow.stopped', { count: stopped, of: number(conversations) }),
            short: number(stopped),
            href: chatsAddress(bot, { ...filter, figure: 'stopped', block }),
            lost: conversations === 0 ? 0 : stopped / conversations,
          },
        ]),
      ),
    [stops, t],
  )
  const alive = useMemo(() => new Set(Object.keys(graph.blocks)), [graph])
  const nameOf = (block: string) => {
    const node = document.nodes[block]
    return node ? blockName(node) : block
  }
  return (
    <div className={styles.flow}>
      <div className={styles.canvas}>
        <Suspense fallback={<div className="bl-skeleton" style={{ height: '100%' }} />}>
          <TrafficCanvas
            side={drawn}
            wires={wires}
            blocks={blocks}
            alive={alive}
            picked={picked}
            onPick={pick}
            label={t('flow.picture')}
          />
        </Suspense>
      </div>
      <div className={styles.stops}>
        {picked && document.nodes[picked] && (
          <Picked {...{ bot, filter, graph, drawn, wireWords }} block={picked} onClose={() => pick(null)} />
        )}
        <h3>{t('stops')}</h3>
        {stops.length === 0 ? (
          <p className={styles.about}>{t('stops.none')}</p>
        ) : (
          <ol>
            {stops.map(({ block, stopped, conversations, via }) => (
              <li key={block} data-picked={block === picked || undefined}>
                <button type="button" onClick={() => pick(block)}>
                  {nameOf(block)}
                </button>
                <span className={styles.bar} aria-hidden="true">
                  <span style={{ width: `${(100 * stopped) / Math.max(1, conversations)}%` }} />
                </span>
                <span className={styles.about}>
                  {t('flow.stopped', { count: stopped, of: number(conversations) })} ·{' '}
                  {percent(stopped / Math.max(1, conversations), 0)}
                </span>
                {via.map((one) => (
                  <Link
                    key={one.edge}
                    className={styles.about}
                    to={chatsAddress(bot, { ...filter, figure: 'stopped', edge: one.edge })}
                  >
                    {t('stops.via', { count: one.stopped, ...wireWords(one.edge) })}
                  </Link>
                ))}
                <Link to={chatsAddress(bot, { ...filter, figure: 'stopped', block })}>
                  {t('open', { count: stopped })}
                </Link>
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  )
}

/** A block with what came to it and what left it. */
function Picked({
  bot,
  filter,
  graph,
  drawn,
  wireWords,
  block,
  onClose,
}: FlowProps & { block: string; onClose: () => void }) {
  const { t } = useTranslation('insights')
  const { nodes, edges } = drawn.document
  const { entries = 0, conversations = 0 } = graph.blocks[block] ?? {}
  const ways = Object.values(edges).filter(({ id, from }) => from.node === block && graph.wires[id])
  return (
    <section className={styles.picked} aria-label={t('picked')}>
      <header>
        <h3>{blockName(nodes[block]!)}</h3>
        <button type="button" className="bl-button bl-button--plain bl-button--small" onClick={onClose}>
          {t('app:close')}
        </button>
      </header>
      <p className={styles.about}>{t('picked.came', { count: conversations, entries: number(entries) })}</p>
      {conversations > 0 && (
        <Link to={chatsAddress(bot, { ...filter, figure: 'reached', block })}>
          {t('open', { count: conversations })}
        </Link>
      )}
      {ways.length > 0 && (
        <div className={styles.scroll}>
          <table className={shared.table}>
            <caption className="bl-sr-only">{t('picked.ways')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('picked.way')}</th>
                <th scope="col" className={shared.right}>
                  {t('column.conversations')}
                </th>
              </tr>
            </thead>
            <tbody>
              {ways.map(({ id }) => (
                <tr key={id}>
                  <th scope="row">
                    {wireWords(id).port} → {wireWords(id).to}
                  </th>
                  <td className={shared.right}>
                    <Link
                      to={chatsAddress(bot, { ...filter, figure: 'passed', edge: id })}
                      aria-label={t('open', { count: graph.wires[id]!.conversations })}
                    >
                      {number(graph.wires[id]!.conversations)}
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** The ends of a wire and its port, as they are called. */
type WireWords = (edge: string) => { from: string; port: string; to: string }

function useWireWords(drawn: VersionDocument | undefined): WireWords {
  const view = useMemo(() => drawn && createGraphView(drawn.document, registry, drawn.facts), [drawn])
  return (edge) => {
    const wire = drawn?.document.edges[edge]
    const [from, to] = [drawn?.document.nodes[wire?.from.node ?? ''], drawn?.document.nodes[wire?.to.node ?? '']]
    if (!wire || !from || !to) return { from: '', port: '', to: '' }
    const port = portText(from.type, wire.from.port, view?.portsOf(from.id).outputs[wire.from.port])
    return { from: blockName(from), port, to: blockName(to) }
  }
}
