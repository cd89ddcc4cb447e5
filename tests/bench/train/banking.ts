import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import type { TrainingRow } from '#runtime/training/training-set.ts'
import { SkipLine } from '../bench.ts'

export interface Banking {
  encoder: Encoder
  rows: TrainingRow[]
  labels: number
}

const shared = new URL('../../../../shared/', import.meta.url)

/** BANKING77's training rows and MiniLM. Throws `SkipLine` where data or model are absent. */
export async function loadBanking(): Promise<Banking> {
  const data = new URL('data/banking77/train.jsonl', shared)
  const model = new URL('models/all-MiniLM-L6-v2/', shared)
  for (const needed of [data, model]) {
    if (!existsSync(needed)) throw new SkipLine(`${needed.pathname} is not here`)
  }
  const encoder = await loadEncoder(model.pathname)
  const lines = (await readFile(data, 'utf8')).trim().split('\n')
  const records = lines.map((line): { text: string; intent: string } => JSON.parse(line))
  const names = [...new Set(records.map((r) => r.intent))].sort()
  const rows = records.map((r, i) => ({ id: String(i), text: r.text, truth: [names.indexOf(r.intent)] }))
  return { encoder, rows, labels: names.length }
}
