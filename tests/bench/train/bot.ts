import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BotSummary, DraftView, RecordsPreview, RunView, SetSummary } from '#server/api/dto.ts'
import { additionOf, graphOf } from '../../drivers/chat.ts'
import { startProduct } from '../../drivers/product.ts'
import type { BenchLine } from '../bench.ts'
import { sharedFolder } from '../run-intents.ts'
import { signIn } from '../studio-api.ts'

const intents = 20
const rowsEach = 50
const say = (zh: string, en: string) => ({ type: 'say', config: { text: { 'zh-CN': zh, en } } })

/** 1,000 rows of CLINC150, which Botpress was measured with. */
async function records(): Promise<string> {
  const file = join(sharedFolder('data', 'clinc150_full'), 'train.jsonl')
  const rows = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; intent: string })
    .filter(({ intent }) => intent !== 'oos')
  const names = [...new Set(rows.map(({ intent }) => intent))].slice(0, intents)
  const chosen = names.flatMap((name) => rows.filter(({ intent }) => intent === name).slice(0, rowsEach))
  return ['text,label', ...chosen.map(({ text, intent }) => `"${text.replaceAll('"', '""')}",${intent}`)].join('\n')
}

/** A bot as an analyst has it after an hour, through the product: from Run until its first published version answers for itself. */
export const bot: BenchLine = {
  figures: {
    botSeconds: {
      label: '1,000 rows, 20 intents, built-in encoder: Run to published, s',
      reference: '<= 20; Botpress NLU 101 to 250 on CLINC150',
      digits: 1,
    },
  },
  async measure(log) {
    const csv = await records()
    const product = await startProduct()
    try {
      const api = await signIn(product.url, product.links.studio)
      const { id } = await api<BotSummary>('POST', '/bots', { name: 'Bench', template: null })
      const set = (await api<SetSummary>('POST', `/bots/${id}/sets`, { name: 'Questions' })).id
      const { file } = await api<RecordsPreview>('POST', '/files/paste', { text: csv })
      const columns = { textColumn: 'text', labelColumn: 'label', label: null }
      await api('POST', `/sets/${set}/import`, { file, ...columns })
      const graph = graphOf(
        {
          data: { type: 'data-source', config: { set } },
          split: { type: 'split' },
          train: { type: 'fine-tune' },
          measure: { type: 'evaluate' },
          deploy: { type: 'deploy', config: { minAccuracy: 0 } },
          start: { type: 'start' },
          hear: { type: 'intent' },
          unclear: say('没听懂。', 'I do not understand.'),
        },
        [
          'data/data -> split/data',
          'split/train -> train/train',
          'split/validation -> train/validation',
          'train/model -> measure/model',
          'split/test -> measure/test',
          'train/model -> deploy/model',
          'measure/report -> deploy/report',
          'deploy/classifier -> hear/model',
          'start -> hear',
          'hear/fallback -> unclear',
        ],
      )
      const { revision } = await api<DraftView>('GET', `/bots/${id}/draft`)
      const diffs = [{ id: 'bench_bot_1', added: additionOf(graph), removed: {}, updated: {} }]
      await api('POST', `/bots/${id}/draft/diffs`, { base: revision, diffs })

      const start = performance.now()
      let run = await api<RunView>('POST', `/bots/${id}/runs`, {})
      while (run.status === 'queued' || run.status === 'running' || run.status === 'waiting') {
        await new Promise((resolve) => setTimeout(resolve, 50))
        run = await api<RunView>('GET', `/bots/${id}/runs/${run.id}`)
      }
      if (run.status !== 'done') throw new Error(`the run ended as ${run.status}: ${run.failure?.message}`)
      const ran = (performance.now() - start) / 1000
      await api('POST', `/bots/${id}/publish`, { note: '' })
      const botSeconds = (performance.now() - start) / 1000
      log(`the run took ${ran.toFixed(1)} s, publishing ${(botSeconds - ran).toFixed(1)} s`)
      return { botSeconds }
    } finally {
      await product.stop()
    }
  },
}
