import type { DatedRunNote, Progress } from '#kit'
import { type PipelineContext, trialsOf } from '#runtime/compiler/pipeline-vocabulary.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { RunView } from '#server/api/dto.ts'
import type { runs } from '#server/db/schema/runs.ts'
import { figureOf } from './figure.ts'

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

/** A run as the studio shows it; blocks in the order in which they depend on each other. */
export function toRunView(row: typeof runs.$inferSelect, progressOf: (node: string) => Progress | null): RunView {
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
    nodes: Object.keys(row.fingerprints).map((node) => {
      const at = row.snapshot.context.progress[node]
      return {
        node,
        type: document.nodes[node]?.type ?? '',
        name: document.nodes[node]?.name ?? null,
        status: statusOf[at?.status ?? 'waiting'],
        seconds: at?.seconds ?? null,
        failure: at?.failure ?? null,
        notes: notesOf(row.snapshot.context.progress, node),
        finishing: at?.finishing ?? false,
        progress: at?.status === 'running' || at?.status === 'trying' ? progressOf(node) : null,
        figure: figureOf(at?.outputs ?? null),
      }
    }),
  }
}

/** What a block and its trials told, oldest first. */
function notesOf(progress: PipelineContext['progress'], node: string): DatedRunNote[] {
  return [progress[node], ...trialsOf(progress, node)]
    .flatMap((at) => at?.notes ?? [])
    .sort((a, b) => a.at.localeCompare(b.at))
}
