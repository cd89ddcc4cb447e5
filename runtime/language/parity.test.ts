import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { ints } from '#runtime/tensor/host-tensor.ts'
import { loadEncoder } from './encoder.ts'
import { encoderConstants, sentenceProgram } from './features.ts'
import { padTokens } from './tokenizer.ts'

interface Reference {
  rows: {
    text: string
    input_ids: number[]
    last_hidden_state_first_token: number[]
    sentence_embedding: number[]
  }[]
}

const here = import.meta.dirname
const folders = [
  join(here, 'builtin/botloom-zh-en'),
  join(here, '../../../shared/models/all-MiniLM-L6-v2'),
  join(here, '../../../shared/models/bge-small-zh-v1.5'),
]

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

describe.each(folders)('%s', (folder) => {
  // The teachers are not part of the repository: their parity is checked where they lie beside it.
  test.skipIf(!existsSync(folder))(
    'gives the ids and vectors of the PyTorch reference, alone and in a padded batch',
    async () => {
      const { rows } = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8')) as Reference
      const encoder = await loadEncoder(folder)
      const encoded = rows.map((row) => encoder.tokenizer.encode(row.text))
      expect(encoded.map(({ ids }) => [...ids])).toEqual(rows.map((row) => row.input_ids))

      const graph = await createOnnxExecutor({ threads: 1 }).compile(
        sentenceProgram(encoder),
        { ids: { shape: ['batch', 'length'], dtype: 'int32' }, mask: { shape: ['batch', 'length'], dtype: 'int32' } },
        { constants: encoderConstants(encoder) },
      )
      const width = encoder.config.hidden_size
      for (const group of [...encoded.map((_, row) => [row]), encoded.map((_, row) => row)]) {
        const batch = padTokens(
          group.map((row) => encoded[row]!),
          encoder.tokenizer.padId,
        )
        const shape = [batch.rows, batch.length]
        const out = await graph.run({ ids: ints(shape, batch.ids), mask: ints(shape, batch.mask) })
        for (const [index, row] of group.entries()) {
          const first = out.hidden!.data.subarray(index * batch.length * width)
          expect(furthest(first, rows[row]!.last_hidden_state_first_token)).toBeLessThanOrEqual(1e-4)
          const vector = out.vectors!.data.subarray(index * width)
          expect(furthest(vector, rows[row]!.sentence_embedding)).toBeLessThanOrEqual(1e-4)
        }
      }
      await graph.dispose()
    },
  )
})
