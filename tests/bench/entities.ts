import { join } from 'node:path'
import { type BenchLine, runBench } from './bench.ts'
import { runIntents, sharedFolder } from './run-intents.ts'

/** Intents and entities learned in one pass. Sets with fewer than 2,000 test rows are measured with several seeds. */
interface JointTask {
  folder: string
  encoder: string
  method: 'head' | 'full'
  seeds: number[]
}

interface RunOutput {
  metrics: { test: { accuracy: number; entities?: { f1: number; exact: number } } }
  seconds: Record<string, number>
}

async function runTask({ folder, encoder, method }: JointTask, seed: number): Promise<RunOutput> {
  const data = sharedFolder('data', folder)
  const settings = {
    'data.train': join(data, 'train.jsonl'),
    'data.validation': join(data, 'valid.jsonl'),
    'data.test': join(data, 'test.jsonl'),
    'fine-tune.encoder': sharedFolder('models', encoder),
    'fine-tune.method': method,
    'fine-tune.seed': String(seed),
  }
  return (await runIntents(settings)) as RunOutput
}

function line(key: string, label: string, reference: { intent: string; f1: string }, task: JointTask): BenchLine {
  return {
    figures: {
      [`${key}Intent`]: { label: `${label}, intent accuracy`, reference: reference.intent, digits: 4 },
      [`${key}SlotF1`]: { label: `${label}, entity F1`, reference: reference.f1, digits: 4 },
      [`${key}SlotF1Spread`]: { label: `${label}, F1, largest less smallest of the seeds`, reference: '', digits: 4 },
      [`${key}Exact`]: { label: `${label}, share of texts with all entities right`, reference: '', digits: 4 },
    },
    async measure(log) {
      const found: { intent: number; f1: number; exact: number }[] = []
      for (const seed of task.seeds) {
        const { metrics, seconds } = await runTask(task, seed)
        const { accuracy, entities } = metrics.test
        if (!entities) throw new Error(`${task.folder}: the report tells of no entities`)
        found.push({ intent: accuracy, f1: entities.f1, exact: entities.exact })
        const times = Object.entries(seconds).map(([block, s]) => `${block} ${s.toFixed(1)} s`)
        const figures = `intent ${accuracy.toFixed(4)}, F1 ${entities.f1.toFixed(4)}`
        log(`${task.folder} ${task.method} seed ${seed}: ${figures} (${times.join(', ')})`)
      }
      const mean = (what: 'intent' | 'f1' | 'exact') => found.reduce((sum, one) => sum + one[what], 0) / found.length
      const all = found.map(({ f1 }) => f1)
      return {
        [`${key}Intent`]: mean('intent'),
        [`${key}SlotF1`]: mean('f1'),
        [`${key}SlotF1Spread`]: Math.max(...all) - Math.min(...all),
        [`${key}Exact`]: mean('exact'),
      }
    },
  }
}

const seeds = [1, 2, 3]
const snips = { folder: 'snips', encoder: 'all-MiniLM-L6-v2' }
const cais = { folder: 'cais', encoder: 'bge-small-zh-v1.5' }
const bert = { intent: '>= 0.987; JointBERT (BERT-base) 0.991', f1: '>= 0.955; JointBERT (BERT-base) 0.969' }
const frozen = { intent: 'scikit-learn on the frozen encoder 0.943', f1: '' }

await runBench('entities', [
  line('snips', 'SNIPS, MiniLM, full', bert, { ...snips, method: 'full', seeds }),
  line('snipsHead', 'SNIPS, MiniLM, head', { intent: '', f1: '' }, { ...snips, method: 'head', seeds: [1] }),
  line('cais', 'CAIS, bge-small-zh, full', { ...frozen, intent: '>= 0.960' }, { ...cais, method: 'full', seeds }),
  line('caisHead', 'CAIS, bge-small-zh, head', frozen, { ...cais, method: 'head', seeds: [1] }),
])
