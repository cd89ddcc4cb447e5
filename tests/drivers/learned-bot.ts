import type { Me, RecordsPreview, RunView, SetSummary } from '#server/api/dto.ts'
import { additionOf, graphOf } from './chat.ts'
import type { Studio } from './studio.ts'

interface LearnedBot {
  bot: string
  run: RunView
  /** What the upload was taken for. */
  guess: RecordsPreview['guess']
}

/**
 * A bot through the API: records that were uploaded as JSONL and imported by these columns, and a Learn half over them that ran to its end.
 * `learn`: settings of the training; `blocks` and `wires` come beside data, learn, exam and deploy, which are wired.
 */
export async function learnedBot(
  studio: Studio,
  given: {
    records: readonly object[]
    columns: { textColumn: string; pairColumn?: string; labelColumn?: string }
    learn: Record<string, unknown>
    deploy?: Record<string, unknown>
    blocks?: Parameters<typeof graphOf>[0]
    wires?: readonly string[]
  },
): Promise<LearnedBot> {
  const post = async <T>(path: string, body: unknown) => (await studio.call<T>('POST', path, body)).body
  const bot = (await post<{ id: string }>('/api/bots', { name: 'Bot', template: null })).id
  const set = (await post<SetSummary>(`/api/bots/${bot}/sets`, { name: 'Records' })).id
  const lines = given.records.map((one) => JSON.stringify(one)).join('\n')
  const upload = await studio.upload('records.jsonl', new TextEncoder().encode(lines))
  const { file, guess } = upload.body as unknown as RecordsPreview
  await post(`/api/sets/${set}/import`, { file, labelColumn: null, label: null, ...given.columns })
  const graph = graphOf(
    {
      data: { type: 'data-source', config: { set } },
      learn: { type: 'fine-tune', config: given.learn },
      exam: { type: 'evaluate' },
      deploy: { type: 'deploy', config: given.deploy },
      ...given.blocks,
    },
    [
      'data/data -> learn/train',
      'data/data -> learn/validation',
      'data/data -> exam/test',
      'learn/model -> exam/model',
      'learn/model -> deploy/model',
      'exam/report -> deploy/report',
      ...(given.wires ?? []),
    ],
  )
  const diffs = [{ id: `diff_${bot}`, added: additionOf(graph), removed: {}, updated: {} }]
  const { revision } = await post<{ revision: number }>(`/api/bots/${bot}/draft/diffs`, { base: 0, diffs })
  if (!(revision > 0)) throw new Error('the graph was not taken')
  const started = await post<RunView>(`/api/bots/${bot}/runs`, {})
  const { workspace } = (await studio.call<Me>('GET', '/api/me')).body
  await studio.services.runs.ended(workspace.id, started.id)
  const run = (await studio.call<RunView>('GET', `/api/bots/${bot}/runs/${started.id}`)).body
  return { bot, run, guess }
}
