import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'
import { type ModelCard, type StoredRow, storedRow } from './card.ts'

/** The learned rows of a model folder, `rows.jsonl`. Throws `model-unreadable`. */
export async function readStoredRows(folder: string, card: ModelCard): Promise<StoredRow[]> {
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const text = await readFile(join(folder, 'rows.jsonl'), 'utf8').catch(() => {
    throw fail('rows.jsonl is missing')
  })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i): StoredRow => {
      try {
        const row = storedRow.parse(JSON.parse(line))
        if (row.labels.length > 0 && row.labels.every((label) => label < card.labels.length)) return row
      } catch {
        // Said below, with the line.
      }
      throw fail(`line ${i + 1} of rows.jsonl is not a row of this model`)
    })
}
