import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { type ArtifactAccess, answersReportRef, BotloomError, reportRef, retrievalReportRef, trialRow } from '#kit'
import { answersReport } from '#nodes/pipeline/evaluate/answers-report.ts'
import { retrievalReport } from '#nodes/pipeline/evaluate/retrieval-report.ts'
import { int8Trial, methodChoice, shorterTrial } from '#runtime/language/card.ts'
import type { AnyReportView, ReportRow, ReportView } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { runs } from '#server/db/schema/runs.ts'

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
const storedRow: z.ZodType<ReportRow> = z.object({
  id: z.string(),
  text: z.string(),
  pair: z.string().nullable().default(null),
  truth: z.string(),
  truthName: z.string(),
  predicted: z.string(),
  predictedName: z.string(),
  probability: z.number(),
  language: z.string().nullable(),
})
const subject = z
  .object({
    kind: z.enum(['answers', 'retrieval']).optional(),
    threshold: z.number().optional(),
    model: z.object({ artifact: z.string() }),
  })
  .transform(({ kind, threshold, model }) => ({
    gives: kind ?? 'labels',
    threshold: threshold ?? 0,
    artifact: model.artifact,
  }))
type ReportSubject = z.output<typeof subject>

const mostRows = 500
const anyReport = z.union([reportRef, answersReportRef, retrievalReportRef])

export type ReportReader = ReturnType<typeof createReportReader>

/** Reports that runs left in the artifact store. A run of another bot, or one without a report, is `not-found`. */
export function createReportReader(deps: { db: Database; artifacts: ArtifactAccess }) {
  const { db, artifacts } = deps

  async function find(workspace: string, bot: string, run: string) {
    const [row] = await db
      .select()
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot), eq(runs.id, run)))
    for (const [node, at] of Object.entries(row?.snapshot.context.progress ?? {}))
      for (const value of Object.values(at.outputs ?? {})) {
        const report = anyReport.safeParse(value)
        if (report.success)
          return { node, at: row!.endedAt ?? row!.startedAt, folder: await artifacts.open(report.data.artifact) }
      }
    throw new BotloomError('not-found', { what: 'report' })
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

    /** The artifact of the model that a report is about, and what it gives. */
    async subject(workspace: string, bot: string, run: string): Promise<ReportSubject> {
      const { folder } = await find(workspace, bot, run)
      return subject.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
    },

    /** The rows behind a cell of the confusion matrix, at most 500; without a filter the rows that went wrong. */
    async rows(
      workspace: string,
      bot: string,
      run: string,
      cell: { truth?: string; predicted?: string },
    ): Promise<ReportRow[]> {
      const { folder } = await find(workspace, bot, run)
      const found: ReportRow[] = []
      const lines = createInterface({ input: createReadStream(join(folder, 'rows.jsonl')), crlfDelay: Infinity })
      for await (const line of lines) {
        if (line.trim() === '') continue
        const row = storedRow.parse(JSON.parse(line))
        if (cell.truth !== undefined && row.truth !== cell.truth) continue
        if (cell.predicted !== undefined && row.predicted !== cell.predicted) continue
        if (cell.truth === undefined && cell.predicted === undefined && row.truth === row.predicted) continue
        found.push(row)
        if (found.length === mostRows) break
      }
      lines.close()
      return found
    },
  }
}
