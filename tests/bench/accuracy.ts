import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '#runtime/project-root.ts'
import { type BenchLine, runBench } from './bench.ts'
import { intentsGraph, runIntents, sharedFolder } from './run-intents.ts'

const methods = ['head', 'full', 'automatic'] as const
type Method = (typeof methods)[number] | 'setfit'

/** One set of the protocol: fitted on train, stopped by validation, its test read once by the evaluate block. */
interface Task {
  key: string
  label: string
  folder: string
  train: string
  validation?: string
  encoder: string
  /** The label of foreign rows: left out of train, validation and accuracy, and what AUROC is about. */
  outOfScope?: string
  /** Few rows are also learned in pairs. */
  pairs?: boolean
  seeds: number[]
  /** What others reach or we ask for, by figure. */
  asked: { accuracy: string; auroc?: string; ece?: string }
}

interface RunOutput {
  metrics: { test: { accuracy: number; macroF1: number; ece: number; auroc?: number } }
  seconds: Record<string, number>
}

async function runTask(task: Task, method: Method, seed: number, log: (text: string) => void): Promise<RunOutput> {
  const data = sharedFolder('data', task.folder)
  const settings = {
    'data.train': join(data, task.train),
    'data.validation': task.validation ? join(data, task.validation) : '',
    'data.test': join(data, 'test.jsonl'),
    'data.outOfScope': task.outOfScope ? JSON.stringify([task.outOfScope]) : '',
    'fine-tune.encoder': sharedFolder('models', task.encoder),
    'fine-tune.method': method,
    'fine-tune.seed': String(seed),
  }
  const output = (await runIntents(settings)) as RunOutput
  const { accuracy, auroc, ece } = output.metrics.test
  const seconds = Object.entries(output.seconds).map(([block, s]) => `${block} ${s.toFixed(1)} s`)
  const figures = `accuracy ${accuracy.toFixed(4)}, ECE ${ece.toFixed(4)}${auroc === undefined ? '' : `, AUROC ${auroc.toFixed(4)}`}`
  log(`${task.folder} ${task.train} ${method} seed ${seed}: ${figures} (${seconds.join(', ')})`)
  return output
}

function line(task: Task, method: Method): BenchLine {
  const name = method === 'setfit' ? 'pairs' : method
  const key = `${task.key}${name[0]!.toUpperCase()}${name.slice(1)}`
  const label = `${task.label}, ${name} (${configuration})`
  const { accuracy, auroc, ece } = task.asked
  const info = (what: string, reference = '') => ({ label: `${label}, ${what}`, reference, digits: 4 })
  return {
    figures: {
      [key]: info('accuracy', accuracy),
      [`${key}Spread`]: info('largest less smallest of the seeds', task.seeds.length > 1 ? '' : 'one seed: 0'),
      [`${key}Ece`]: info('expected calibration error', ece),
      ...(task.outOfScope ? { [`${key}Auroc`]: info('AUROC of out of scope', auroc) } : {}),
    },
    async measure(log) {
      const tests: RunOutput['metrics']['test'][] = []
      for (const seed of task.seeds) tests.push((await runTask(task, method, seed, log)).metrics.test)
      const accuracies = tests.map((test) => test.accuracy)
      const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
      return {
        [key]: mean(accuracies),
        [`${key}Spread`]: Math.max(...accuracies) - Math.min(...accuracies),
        [`${key}Ece`]: mean(tests.map((test) => test.ece)),
        ...(task.outOfScope ? { [`${key}Auroc`]: mean(tests.map((test) => test.auroc ?? Number.NaN)) } : {}),
      }
    },
  }
}

// Every line uses the graph's own defaults but for what is named here, so one hash tells the configuration.
const configuration = createHash('sha256')
  .update(await readFile(intentsGraph))
  .update(await readFile(join(projectRoot, 'nodes/pipeline/fine-tune/node.ts')))
  .update(await readFile(join(projectRoot, 'runtime/training/recipe.ts')))
  .digest('hex')
  .slice(0, 12)

const english = { encoder: 'all-MiniLM-L6-v2' }
const chinese = { encoder: 'bge-small-zh-v1.5' }
const few = { ...english, folder: 'banking77_fewshot', validation: 'valid.jsonl', pairs: true, seeds: [1, 2, 3] }

/** Fewer than 2,000 test rows, and few rows to learn from, are measured with several seeds. */
const tasks: Task[] = [
  {
    ...few,
    key: 'banking77Few5',
    label: 'BANKING77, 5 a label, MiniLM',
    train: 'train_5.jsonl',
    asked: { accuracy: '>= 0.830; scikit-learn 0.807' },
  },
  {
    ...few,
    key: 'banking77Few10',
    label: 'BANKING77, 10 a label, MiniLM',
    train: 'train_10.jsonl',
    asked: { accuracy: '>= 0.885; scikit-learn 0.863, PyTorch 0.854' },
  },
  {
    ...english,
    key: 'banking77',
    label: 'BANKING77, MiniLM',
    folder: 'banking77',
    train: 'train.jsonl',
    seeds: [1],
    asked: { accuracy: '>= 0.946; scikit-learn 0.930, PyTorch 0.941', ece: '<= 0.015' },
  },
  {
    ...english,
    key: 'clinc150',
    label: 'CLINC150, MiniLM, in scope',
    folder: 'clinc150_full',
    train: 'train.jsonl',
    validation: 'val.jsonl',
    outOfScope: 'oos',
    seeds: [1],
    asked: { accuracy: '>= 0.970; scikit-learn 0.953', auroc: '>= 0.970; scikit-learn 0.957', ece: '<= 0.015' },
  },
  {
    ...english,
    key: 'curekart',
    label: 'HINT3 Curekart, MiniLM, in scope',
    folder: 'hint3_v2_curekart',
    train: 'train.jsonl',
    outOfScope: 'NO_NODES_DETECTED',
    seeds: [1, 2, 3],
    asked: {
      accuracy: '>= 0.910; scikit-learn 0.848, PyTorch 0.904',
      auroc: '>= 0.890; TF-IDF 0.880, PyTorch 0.828, scikit-learn 0.786',
    },
  },
  {
    ...chinese,
    key: 'smp2017',
    label: 'SMP2017, bge-small-zh',
    folder: 'smp2017_ecdt',
    train: 'train.jsonl',
    validation: 'valid.jsonl',
    seeds: [1, 2, 3],
    asked: { accuracy: '>= 0.948; scikit-learn 0.922, PyTorch 0.943' },
  },
  {
    ...chinese,
    key: 'cais',
    label: 'CAIS, intent, bge-small-zh',
    folder: 'cais',
    train: 'train.jsonl',
    validation: 'valid.jsonl',
    seeds: [1, 2, 3],
    asked: { accuracy: '>= 0.960; scikit-learn 0.943' },
  },
]

await runBench(
  'accuracy',
  tasks.flatMap((task) =>
    [...methods, ...(task.pairs ? (['setfit'] as const) : [])].map((method) => line(task, method)),
  ),
)
