import { and, eq, inArray } from 'drizzle-orm'
import { BotloomError, type CurvePoint, datasetRef } from '#kit'
import { parseDocument } from '#runtime/graph/parse.ts'
import { mcnemar } from '#runtime/training/mcnemar.ts'
import type { AnyReportView, ComparedRun, ComparisonView, PairedOutcome, RunView } from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Database } from '#server/db/client.ts'
import { runs as runRows } from '#server/db/schema/runs.ts'
import type { ReportReader } from './report-reader.ts'

/** More than this nobody can tell apart on one picture. */
export const mostCompared = 4

type Row = typeof runRows.$inferSelect
type Judged = Map<string, boolean>

/** What is asked of the runs: how one looks to the studio. */
interface RunViews {
  get(workspace: string, run: string): Promise<RunView>
}

/** Runs of a bot side by side. A run that is not the bot's is `not-found`. */
export function createRunComparison(deps: {
  db: Database
  runs: RunViews
  reports: Pick<ReportReader, 'read' | 'judged'>
  sets: Pick<SetStore, 'difference'>
}) {
  const { db, reports } = deps

  /** Null where there is none. */
  async function ifThere<T>(found: Promise<T>): Promise<T | null> {
    try {
      return await found
    } catch (error) {
      if (error instanceof BotloomError && (error.code === 'not-found' || error.code === 'artifact-missing'))
        return null
      throw error
    }
  }

  async function toCompared(row: Row): Promise<ComparedRun> {
    const view = await deps.runs.get(row.workspaceId, row.id)
    const document = parseDocument(JSON.parse(row.document))
    const { progress, blocks } = row.snapshot.context
    return {
      id: row.id,
      startedAt: view.startedAt,
      seconds: row.endedAt ? (row.endedAt.getTime() - row.startedAt.getTime()) / 1000 : null,
      device: row.device,
      report: await ifThere<AnyReportView>(reports.read(row.workspaceId, row.botId, row.id)),
      curve: longest(view.nodes.map((node) => node.curve)),
      blocks: Object.entries(row.fingerprints).map(([node, { type, config }]) => ({
        node,
        type,
        name: document.nodes[node]?.name ?? null,
        config,
      })),
      data: Object.entries(progress).flatMap(([node, at]) => {
        if (Object.keys(blocks[node]?.inputs ?? {}).length > 0) return []
        const given = Object.values(at.outputs ?? {}).flatMap((value) => datasetRef.safeParse(value).data ?? [])
        return given.length > 0 ? [{ node, rows: given.reduce((sum, data) => sum + data.rows, 0) }] : []
      }),
    }
  }

  async function pair(first: Row, second: Row, one: Judged | null, other: Judged | null): Promise<PairedOutcome> {
    const counts = { rows: 0, both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }
    for (const [row, right] of one ?? []) {
      const too = other?.get(row)
      if (too === undefined) continue
      counts.rows++
      counts[right ? (too ? 'both' : 'onlyFirst') : too ? 'onlySecond' : 'neither']++
    }
    return {
      ...counts,
      p: counts.rows > 0 ? mcnemar(counts.onlyFirst, counts.onlySecond) : null,
      records: await recordsBetween(first, second),
    }
  }

  async function judgedOf(row: Row, report: AnyReportView | null): Promise<Judged | null> {
    // What is written is like the given answer or unlike it, never right or wrong.
    if (!report || ('kind' in report && report.kind === 'answers')) return null
    return reports.judged(row.workspaceId, row.botId, row.id)
  }

  async function recordsBetween(first: Row, second: Row): Promise<PairedOutcome['records']> {
    const found: PairedOutcome['records'] = []
    for (const [node, now] of Object.entries(second.fingerprints)) {
      const before = first.fingerprints[node]
      for (const [field, to] of Object.entries(now.contents)) {
        const from = before?.contents[field]
        const set = now.config[field]
        if (from === undefined || typeof set !== 'string' || before?.config[field] !== set) continue
        // Files and encoders have no rows to count.
        const difference = await ifThere(deps.sets.difference(first.workspaceId, set, from, to, []))
        if (!difference) continue
        const { renamed: _, ...rows } = difference
        found.push({ node, ...rows })
      }
    }
    return found
  }

  return {
    async read(workspace: string, bot: string, ids: readonly string[]): Promise<ComparisonView> {
      const rows = await db
        .select()
        .from(runRows)
        .where(and(eq(runRows.workspaceId, workspace), eq(runRows.botId, bot), inArray(runRows.id, [...ids])))
      const ordered = ids.map((id) => rows.find((row) => row.id === id))
      const known = ordered.filter((row) => row !== undefined)
      const [first, ...others] = known
      if (!first || known.length < ids.length) throw new BotloomError('not-found', { what: 'run' })
      const view: ComparisonView = { runs: [], beside: [] }
      const judged = new Map<Row, Judged | null>()
      for (const row of known) {
        const compared = await toCompared(row)
        view.runs.push(compared)
        judged.set(row, await judgedOf(row, compared.report))
      }
      for (const row of others)
        view.beside.push(await pair(first, row, judged.get(first) ?? null, judged.get(row) ?? null))
      return view
    },
  }
}

const longest = (curves: readonly CurvePoint[][]): CurvePoint[] =>
  curves.reduce((most, curve) => (curve.length > most.length ? curve : most), [])
