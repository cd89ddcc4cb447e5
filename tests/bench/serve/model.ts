import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { tryInt8 } from '#runtime/serving/int8-trial.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import { toTrainingSet } from '#runtime/training/training-set.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { SkipLine } from '../bench.ts'

export interface BenchModel {
  /** Folder of artifacts, and the model's name in it. */
  artifacts: string
  artifact: string
  folder: string
  /** BANKING77's test rows: none was learned. */
  rows: { text: string; label: string }[]
}

export const threads = availableParallelism()
const cache = join(projectRoot, '.cache', 'bench')
let made: Promise<BenchModel> | undefined

/** A head on MiniLM that learned BANKING77, 10 rows a label, in both forms. Made once a process. Throws `SkipLine`. */
export const benchModel = (log: (text: string) => void): Promise<BenchModel> => (made ??= make(log))

async function make(log: (text: string) => void): Promise<BenchModel> {
  const shared = join(projectRoot, '..', 'shared')
  const [few, all] = ['banking77_fewshot', 'banking77'].map((name) => join(shared, 'data', name)) as [string, string]
  const model = join(shared, 'models', 'all-MiniLM-L6-v2')
  for (const needed of [few, all, model]) if (!existsSync(needed)) throw new SkipLine(`${needed} is not here`)
  const read = async (file: string) =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line, i) => {
        const { text, intent } = JSON.parse(line) as { text: string; intent: string }
        return { id: `${i}`, text, label: intent }
      })
  const train = await read(join(few, 'train_10.jsonl'))
  const labels = [...new Set(train.map((row) => row.label))].sort().map((id) => ({ id, name: id }))
  const set = toTrainingSet(train, [], labels)
  const encoder = await loadEncoder(model)
  const executor = createOnnxExecutor({ threads })
  const checkpoint = await trainHead({ executor, encoder, set, seed: 1, cacheFolder: join(cache, 'features') })
  const artifacts = join(cache, 'artifacts')
  await rm(artifacts, { recursive: true, force: true })
  const store = createArtifactFolder(artifacts)
  const artifact = await store.write(async (folder) => {
    // A few rows are enough here: the lines below measure what the trial measures, on rows that it does not see.
    await tryInt8(folder, await writeCheckpoint(folder, checkpoint), checkpoint, set.train.slice(0, 64), { threads })
  })
  const rows = await read(join(all, 'test.jsonl'))
  log(`${set.train.length} rows learned; ${rows.length} rows to ask`)
  return { artifacts, artifact, folder: await store.open(artifact), rows }
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
