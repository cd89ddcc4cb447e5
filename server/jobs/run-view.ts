import type { z } from 'zod'
import { anyReportRef, type CurvePoint, type DatedRunNote, modelRef, type Progress } from '#kit'
import { type PipelineContext, trialsOf } from '#runtime/compiler/pipeline-vocabulary.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { RunView } from '#server/api/dto.ts'
import type { runs } from '#server/db/schema/runs.ts'
import { figureOf } from './figure.ts'
import { runOutputs } from './run-outputs.ts'

const statusOf = {
  waiting: 'idle',
  queued: 'queued',
  running: 'running',
  trying: 'running',
  done: 'done',
  reused: 'reused',
  failed: 'failed',
  cancelled: 'cancelled',
} as const

/** What a block at work has told so far. */
export type NowOf = (node: string) => { progress: Progress | null; curve: CurvePoint[] }
/** The run that made the result of a block with this fingerprint. */
export type KeptOf = (node: string, hash: string) => { run: string; startedAt: Date } | null

/**
 * A run as the studio shows it; blocks in the order in which they depend on each other. Curves of blocks that have ended come with the
 * `whole` run only: a list of runs does without.
 */
export function toRunView(
  row: typeof runs.$inferSelect,
  nowOf: NowOf,
  keptOf: KeptOf,
  curves: 'whole' | 'going',
): RunView {
  const document = parseDocument(JSON.parse(row.document))
  return {
    id: row.id,
    bot: row.botId,
    revision: row.revision,
    status: row.status,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    failure: row.failure,
    device: row.device,
    files: filesOf(row.snapshot.context.progress),
    nodes: Object.keys(row.fingerprints).map((node) => {
      const at = row.snapshot.context.progress[node]
      const works = at?.status === 'running' || at?.status === 'trying'
      const now = works ? nowOf(node) : null
      const kept = at?.status === 'reused' ? keptOf(node, row.fingerprints[node]!.hash) : null
      return {
        node,
        type: document.nodes[node]?.type ?? '',
        name: document.nodes[node]?.name ?? null,
        status: statusOf[at?.status ?? 'waiting'],
        seconds: at?.seconds ?? null,
        failure: at?.failure ?? null,
        notes: notesOf(row.snapshot.context.progress, node),
        finishing: at?.finishing ?? false,
        progress: now?.progress ?? null,
        curve: now?.curve ?? (curves === 'whole' ? (at?.curve ?? []) : []),
        kept: kept && { run: kept.run, startedAt: kept.startedAt.toISOString() },
        figure: figureOf(at?.outputs ?? null),
      }
    }),
  }
}

function filesOf(progress: PipelineContext['progress']): RunView['files'] {
  const given = [...runOutputs(progress)]
  const has = (schema: z.ZodType) => given.some(({ value }) => schema.safeParse(value).success)
  return { report: has(anyReportRef), model: has(modelRef) }
}

/** What a block and its trials told, oldest first. */
function notesOf(progress: PipelineContext['progress'], node: string): DatedRunNote[] {
  return [progress[node], ...trialsOf(progress, node)]
    .flatMap((at) => at?.notes ?? [])
    .sort((a, b) => a.at.localeCompare(b.at))
}
