import type { Progress } from '#kit'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { RunView } from '#server/api/dto.ts'
import type { runs } from '#server/db/schema/runs.ts'
import { figureOf } from './figure.ts'

const statusOf = {
  waiting: 'idle',
  queued: 'queued',
  running: 'running',
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
        notes: at?.notes ?? [],
        finishing: at?.finishing ?? false,
        progress: at?.status === 'running' ? progressOf(node) : null,
        figure: figureOf(at?.outputs ?? null),
      }
    }),
  }
}
