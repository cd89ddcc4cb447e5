import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#runtime/project-root.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'

const call = promisify(execFile)
const shared = join(projectRoot, '..', 'shared')
const graph = join(projectRoot, 'tests/bench/graphs/intents.json')

/** One set of the protocol: fitted on train, stopped by validation, its test read once by the evaluate block. */
interface Task {
  folder: string
  train: string
  validation?: string
  encoder: string
  method: 'head' | 'setfit' | 'full'
  /** Few rows, and sets with fewer than 2,000 test rows, are measured with several seeds. */
  seeds: number[]
}

interface RunOutput {
  metrics: { test: { accuracy: number; macroF1: number; ece: number } }
  seconds: Record<string, number>
}

/** `botloom run --json` in a process of its own, as a person would call it. */
async function runTask(task: Task, seed: number, log: (text: string) => void): Promise<RunOutput> {
  const data = join(shared, 'data', task.folder)
  const encoder = join(shared, 'models', task.encoder)
  for (const needed of [data, encoder]) if (!existsSync(needed)) throw new SkipLine(`${needed} is not here`)
  const settings = {
    'data.train': join(data, task.train),
    'data.validation': task.validation ? join(data, task.validation) : '',
    'data.test': join(data, 'test.jsonl'),
    'fine-tune.encoder': encoder,
    'fine-tune.method': task.method,
    'fine-tune.seed': String(seed),
  }
  const args = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const { stdout } = await call(
    process.execPath,
    ['--import', 'tsx', 'server/cli/main.ts', 'run', graph, ...args, '--json'],
    { cwd: projectRoot, maxBuffer: 64 * 1_048_576 },
  )
  const output = JSON.parse(stdout) as RunOutput
  const seconds = Object.entries(output.seconds).map(([block, s]) => `${block} ${s.toFixed(1)} s`)
  log(`${task.folder} ${task.method} seed ${seed}: ${output.metrics.test.accuracy.toFixed(4)} (${seconds.join(', ')})`)
  return output
}

function line(key: string, label: string, reference: string, task: Task): BenchLine {
  return {
    figures: {
      [`${key}`]: { label: `${label}, accuracy`, reference, digits: 4 },
      [`${key}Spread`]: { label: `${label}, largest less smallest of the seeds`, reference: 'one seed: 0', digits: 4 },
      [`${key}Ece`]: { label: `${label}, expected calibration error`, reference: '<= 0.015', digits: 4 },
    },
    async measure(log) {
      const outputs: RunOutput[] = []
      for (const seed of task.seeds) outputs.push(await runTask(task, seed, log))
      const accuracies = outputs.map(({ metrics }) => metrics.test.accuracy)
      const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
      return {
        [`${key}`]: mean(accuracies),
        [`${key}Spread`]: Math.max(...accuracies) - Math.min(...accuracies),
        [`${key}Ece`]: mean(outputs.map(({ metrics }) => metrics.test.ece)),
      }
    },
  }
}

const fewShot: Task = {
  folder: 'banking77_fewshot',
  train: 'train_10.jsonl',
  validation: 'valid.jsonl',
  encoder: 'all-MiniLM-L6-v2',
  method: 'head',
  seeds: [1],
}
const banking: Task = {
  folder: 'banking77',
  train: 'train.jsonl',
  encoder: 'all-MiniLM-L6-v2',
  method: 'head',
  seeds: [1],
}
const smp: Task = {
  folder: 'smp2017_ecdt',
  train: 'train.jsonl',
  validation: 'valid.jsonl',
  encoder: 'bge-small-zh-v1.5',
  method: 'head',
  seeds: [1, 2, 3],
}

// Every line uses the graph's own defaults but for what is named above, so one hash tells the configuration.
const configuration = createHash('sha256')
  .update(await readFile(graph))
  .update(await readFile(join(projectRoot, 'nodes/pipeline/fine-tune/node.ts')))
  .update(await readFile(join(projectRoot, 'runtime/training/recipe.ts')))
  .digest('hex')
  .slice(0, 12)
process.stderr.write(`configuration ${configuration}\n`)

await runBench('accuracy', [
  line('banking77Few10Head', 'BANKING77, 10 a label, MiniLM, head', '>= 0.860; scikit-learn 0.863', fewShot),
  line('banking77Head', 'BANKING77, MiniLM, head', '>= 0.925; scikit-learn 0.930', banking),
  line('banking77Full', 'BANKING77, MiniLM, full', '>= 0.930; PyTorch 0.941', { ...banking, method: 'full' }),
  line('banking77Few10Full', 'BANKING77, 10 a label, MiniLM, full', '>= 0.885; PyTorch 0.854', {
    ...fewShot,
    method: 'full',
    seeds: [1, 2, 3],
  }),
  line('banking77Few5Full', 'BANKING77, 5 a label, MiniLM, full', '>= 0.830; scikit-learn 0.807', {
    ...fewShot,
    train: 'train_5.jsonl',
    method: 'full',
    seeds: [1, 2, 3],
  }),
  line('banking77Few5Pairs', 'BANKING77, 5 a label, MiniLM, pairs', 'full: see above; scikit-learn 0.807', {
    ...fewShot,
    train: 'train_5.jsonl',
    method: 'setfit',
    seeds: [1, 2, 3],
  }),
  line('smp2017Head', 'SMP2017, bge-small-zh, head', '>= 0.915; scikit-learn 0.922', smp),
])
