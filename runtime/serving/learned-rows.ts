import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'
import type { ModelCard, StoredRow } from '#runtime/language/card.ts'
import { parseSafetensors } from '#runtime/language/safetensors.ts'
import { readStoredRows } from '#runtime/language/stored-rows.ts'

/** Learned rows and their unit-length vectors, row-major. */
export interface LearnedRows {
  rows: readonly StoredRow[]
  /** The first label of each row. */
  labelOf: readonly number[]
  width: number
  vectors: Float32Array
}

/** Reads `rows.jsonl` and `rows.safetensors` of a model folder. Throws `model-unreadable` when they do not fit. */
export async function loadRows(folder: string, card: ModelCard): Promise<LearnedRows> {
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const rows = await readStoredRows(folder, card)
  const bytes = await readFile(join(folder, 'rows.safetensors')).catch(() => {
    throw fail('rows.safetensors is missing')
  })
  const vectors = parseSafetensors(bytes, 'rows.safetensors').get('vectors')
  const { width } = card.encoder
  if (!vectors || vectors.shape.join() !== [rows.length, width].join()) {
    throw fail('the vectors in rows.safetensors do not fit rows.jsonl')
  }
  return { rows, labelOf: rows.map((row) => row.labels[0]!), width, vectors: vectors.data }
}
