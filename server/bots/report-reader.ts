import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { type ArtifactAccess, anyReportRef, BotloomError, csvLine, csvMark, trialRow } from '#kit'
import { answersReport } from '#nodes/pipeline/evaluate/answers-report.ts'
import { lengthSlice } from '#nodes/pipeline/evaluate/length-slices.ts'
import { type EvaluatedRow, evaluatedRow, outOfScopeCut } from '#nodes/pipeline/evaluate/report.ts'
import { retrievalReport } from '#nodes/pipeline/evaluate/retrieval-report.ts'
import { int8Trial, methodChoice, shorterTrial } from '#runtime/language/card.ts'
import type {
  AnyReportView,
  ReportChange,
  ReportEdits,
  ReportRow,
  ReportRowsPage,
  ReportView,
  RowView,
} from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Database } from '#server/db/client.ts'
import { runs } from '#server/db/schema/runs.ts'
import { runOutputs } from '#server/jobs/run-outputs.ts'
import { toReportChange } from './report-change.ts'

const stored: z.ZodType<Omit<ReportView, 'run' | 'node' | 'createdAt'>> = z.looseObject({
  rows: z.number(),
  accuracy: z.number(),
  macroF1: z.number(),
  microF1: z.number().nullable().default(null),
  ece: z.number(),
  auroc: z.number().nullable(),
  threshold: z.number(),
  labels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      precision: z.number(),
      recall: z.number(),
      f1: z.number(),
      support: z.number(),
    }),
  ),
  confusion: z.array(z.object({ truth: z.string(), predicted: z.string(), count: z.number() })),
  languages: z.array(z.object({ language: z.string(), rows: z.number(), accuracy: z.number() })),
  lengths: z.array(lengthSlice).default([]),
  reliability: z.array(
    z.object({ from: z.number(), to: z.number(), rows: z.number(), confidence: z.number(), accuracy: z.number() }),
  ),
  thresholds: z.array(z.object({ threshold: z.number(), right: z.number(), wrong: z.number(), handedOn: z.number() })),
  model: z.object({
    encoder: z.string(),
    method: z.string(),
    device: z.string(),
    trainSeconds: z.number(),
    trainRows: z.number(),
    int8: int8Trial.nullable().default(null),
    shorter: shorterTrial.nullable().default(null),
    scope: z.object({ score: z.string(), by: z.string() }).nullable().default(null),
    chosen: methodChoice.nullable().default(null),
    trials: z.array(trialRow).default([]),
    pairs: z.boolean().default(false),
  }),
})
const subject = z
  .object({
    kind: z.enum(['answers', 'retrieval']).optional(),
    threshold: z.number().optional(),
    model: z.object({ artifact: z.string() }),
  })
  .transform(({ kind, threshold, model }) => ({
    gives: kind ?? ('labels' as const),
    threshold: threshold ?? 0,
    artifact: model.artifact,
  }))
type ReportSubject = z.output<typeof subject>

/** A row of whatever kind of report, by the columns of its kind. */
const rowColumns: Record<'labels' | 'answers' | 'retrieval', readonly string[]> = {
  labels: ['id', 'text', 'pair', 'truthName', 'predictedName', 'probability', 'right', 'language'],
  answers: ['id', 'question', 'given', 'written', 'chrF'],
  retrieval: ['id', 'question', 'answer', 'rank', 'found', 'similarity', 'language'],
}
const judgedRow = z.looseObject({
  id: z.string(),
  text: z.string().default(''),
  truth: z.string().default(''),
  predicted: z.string().default(''),
  right: z.boolean().optional(),
  question: z.string().optional(),
  rank: z.number().optional(),
})

/** Earlier runs that are looked through for another report of the same block. */
const mostEarlier = 50

type RunRow = typeof runs.$inferSelect
interface RowsQuery {
  truth?: string
  predicted?: string
  /** `hardest`: those answered wrongly, the surest first, then those answered rightly, the least sure first. */
  order?: 'hardest'
  offset: number
  limit: number
}

function plain(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : value == null ? null : String(value)
}

export type ReportReader = ReturnType<typeof createReportReader>

/** Reports that runs left in the artifact store. A run of another bot, or one without a report, is `not-found`. */
export function createReportReader(deps: { db: Database; artifacts: ArtifactAccess; sets: SetStore }) {
  const { db, artifacts, sets } = deps

  async function find(workspace: string, bot: string, run: string) {
    const [row] = await db
      .select()
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot), eq(runs.id, run)))
    const report = row && reportOf(row)
    if (!report) throw new BotloomError('not-found', { what: 'report' })
    return { row, ...report, at: row.endedAt ?? row.startedAt, folder: await artifacts.open(report.artifact) }
  }

  async function read(workspace: string, bot: string, run: string): Promise<AnyReportView> {
    const { node, at, folder } = await find(workspace, bot, run)
    const report: unknown = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'))
    const about = { run, node, createdAt: at.toISOString() }
    const kind = (report as { kind?: unknown } | null)?.kind
    if (kind === 'answers') return { ...answersReport.parse(report), ...about }
    if (kind === 'retrieval') return { ...retrievalReport.parse(report), ...about }
    return { ...stored.parse(report), ...about }
  }

  return {
    read,

    /** The report as it was written, whatever kind it is. */
    async file(workspace: string, bot: string, run: string): Promise<Readable> {
      const { folder } = await find(workspace, bot, run)
      return createReadStream(join(folder, 'report.json'))
    },

    /** All rows of the test with what the model said, as a CSV that is read while it is sent. */
    async csv(workspace: string, bot: string, run: string): Promise<Readable> {
      const { folder } = await find(workspace, bot, run)
      const { gives } = subject.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
      const columns = rowColumns[gives]
      async function* parts(): AsyncGenerator<Buffer> {
        yield Buffer.from(csvMark + csvLine(columns))
        for await (const row of linesOf(folder)) {
          const cells = z.looseObject({}).parse(row)
          yield Buffer.from(csvLine(columns.map((column) => plain(cells[column]))))
        }
      }
      return Readable.from(parts())
    },

    /** Each row of the test by what was asked, and whether the model was right; written answers are not right or wrong. */
    async judged(workspace: string, bot: string, run: string): Promise<Map<string, boolean>> {
      const { folder } = await find(workspace, bot, run)
      const found = new Map<string, boolean>()
      for await (const line of linesOf(folder)) {
        const row = judgedRow.parse(line)
        // A question outside of all topics has no right answer.
        if (row.rank === undefined && row.truth === '') continue
        const right = row.rank === undefined ? (row.right ?? row.truth === row.predicted) : row.rank === 1
        // The same row with another text, or another right answer, is another question.
        found.set(JSON.stringify([row.id, row.question ?? row.text, row.truth]), right)
      }
      return found
    },

    /** The artifact of the model that a report is about, and what it gives. */
    async subject(workspace: string, bot: string, run: string): Promise<ReportSubject> {
      const { folder } = await find(workspace, bot, run)
      return subject.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
    },

    /** The rows behind a cell of the confusion matrix, or behind all of it, in the order of the data or the hardest first. */
    async rows(workspace: string, bot: string, run: string, query: RowsQuery): Promise<ReportRowsPage> {
      const { row, folder } = await find(workspace, bot, run)
      const found: EvaluatedRow[] = []
      for await (const one of readRows(folder)) {
        if (query.truth !== undefined && one.truth !== query.truth) continue
        if (query.predicted !== undefined && one.predicted !== query.predicted) continue
        found.push(one)
      }
      const ordered = query.order === 'hardest' ? hardestFirst(found) : found
      const page = ordered.slice(query.offset, query.offset + query.limit)
      const homes = new Map<string, { set: string; now: RowView | null }>()
      for (const { set, content } of await setsOf(workspace, bot, row))
        for (const [id, now] of await sets.whatBecameOf(
          workspace,
          set,
          content,
          page.map(({ id }) => id),
        ))
          homes.set(id, { set, now })
      return { total: ordered.length, rows: page.map((one) => toReportRow(one, homes.get(one.id) ?? null)) }
    },

    /** Which rows of the report are others by now than those that it was asked about. */
    async edits(workspace: string, bot: string, run: string): Promise<ReportEdits> {
      const { row, folder } = await find(workspace, bot, run)
      const changed = new Set<string>()
      for (const { set, content } of await setsOf(workspace, bot, row))
        for (const id of await sets.changedSince(workspace, set, content)) changed.add(id)
      const ids: string[] = []
      if (changed.size > 0) for await (const { id } of readRows(folder)) if (changed.has(id)) ids.push(id)
      return { rows: ids }
    },

    /** What is different since the last other report of the same block; null where there is none to compare with. */
    async change(workspace: string, bot: string, run: string): Promise<ReportChange | null> {
      const now = await find(workspace, bot, run)
      // A document is large, and none is asked for here.
      const earlier = await db
        .select({ id: runs.id, snapshot: runs.snapshot })
        .from(runs)
        .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot), lt(runs.startedAt, now.row.startedAt)))
        .orderBy(desc(runs.startedAt))
        .limit(mostEarlier)
      for (const row of earlier) {
        const report = reportOf(row)
        if (!report || report.node !== now.node || report.artifact === now.artifact) continue
        const before = await read(workspace, bot, row.id).catch((error) => {
          // Its artifact may have been swept away; an older one cannot be nearer.
          if (error instanceof BotloomError) return null
          throw error
        })
        const after = await read(workspace, bot, run)
        if (!before || 'kind' in before || 'kind' in after) return null
        const old: EvaluatedRow[] = []
        for await (const one of readRows(await artifacts.open(report.artifact))) old.push(one)
        const fresh: EvaluatedRow[] = []
        for await (const one of readRows(now.folder)) fresh.push(one)
        return {
          run: row.id,
          createdAt: before.createdAt,
          accuracy: before.accuracy,
          ...toReportChange({ labels: before.labels, rows: old }, { labels: after.labels, rows: fresh }),
        }
      }
      return null
    },
  }

  /** The sets that a run read, with what was in them then. */
  async function setsOf(workspace: string, bot: string, row: RunRow): Promise<{ set: string; content: string }[]> {
    const own = new Set((await sets.list(workspace, bot)).map((set) => set.id))
    return Object.values(row.fingerprints).flatMap(({ config, contents }) =>
      Object.entries(contents).flatMap(([field, content]) => {
        const set = config[field]
        return typeof set === 'string' && own.has(set) ? { set, content } : []
      }),
    )
  }
}

/** The block of a run that gave a report, and the report's artifact. */
function reportOf(row: Pick<RunRow, 'snapshot'>): { node: string; artifact: string } | null {
  for (const { node, value } of runOutputs(row.snapshot.context.progress)) {
    const report = anyReportRef.safeParse(value)
    if (report.success) return { node, artifact: report.data.artifact }
  }
  return null
}

async function* linesOf(folder: string): AsyncGenerator<unknown> {
  const lines = createInterface({ input: createReadStream(join(folder, 'rows.jsonl')), crlfDelay: Infinity })
  for await (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
}

async function* readRows(folder: string): AsyncGenerator<EvaluatedRow> {
  for await (const line of linesOf(folder)) yield evaluatedRow.parse(line)
}

/** Foreign questions that were rightly let alone are no hard ones. */
function hardestFirst(rows: readonly EvaluatedRow[]): EvaluatedRow[] {
  const wrong = rows.filter((row) => (row.truth === '' ? row.outOfScope <= outOfScopeCut : !row.right))
  const right = rows.filter((row) => row.right)
  return [
    ...wrong.sort((a, b) => b.probability - a.probability),
    ...right.sort((a, b) => a.probability - b.probability),
  ]
}

function toReportRow(row: EvaluatedRow, home: ReportRow['home']): ReportRow {
  const { right: _, outOfScope: __, ...rest } = row
  const alone = { label: row.predicted, name: row.predictedName, probability: row.probability }
  return { ...rest, guesses: row.guesses.length > 0 ? row.guesses : [alone], home }
}
