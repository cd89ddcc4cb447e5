import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetRow } from '#kit'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { type TrainingRow, type TrainingSet, toTrainingSet } from '#runtime/training/training-set.ts'
import { sharedFolder } from '../run-intents.ts'

export interface Banking {
  encoder: Encoder
  rows: TrainingRow[]
  labels: number
  /** Rows that nobody learns. */
  test: TrainingRow[]
  set: TrainingSet
}

/** With fewer rows a line can be tried out; its figures then compare with nothing. */
const most = Number(process.env.BENCH_ROWS ?? Number.POSITIVE_INFINITY)

/** BANKING77 and MiniLM. Throws `SkipLine` where data or model are absent. */
export async function loadBanking(): Promise<Banking> {
  const data = sharedFolder('data', 'banking77')
  const encoder = await loadEncoder(sharedFolder('models', 'all-MiniLM-L6-v2'))
  const read = async (file: string): Promise<DatasetRow[]> => {
    const lines = (await readFile(join(data, file), 'utf8')).trim().split('\n')
    const every = Math.max(1, lines.length / most)
    return lines
      .filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every))
      .map((line, i) => {
        const { text, intent } = JSON.parse(line) as { text: string; intent: string }
        return { id: `${file} ${i}`, text, label: intent }
      })
  }
  const [train, test] = [await read('train.jsonl'), await read('test.jsonl')]
  const names = [...new Set(train.map((row) => row.label!))].sort()
  const labels = names.map((name) => ({ id: name, name }))
  const set = toTrainingSet(train, test, labels)
  return {
    encoder,
    rows: set.train,
    labels: set.labels.length,
    test: set.validation,
    set: { ...set, validation: [] },
  }
}
