import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import type { BenchLine } from '../bench.ts'
import { loadBanking } from './banking.ts'

/** *Quick* on 10,003 rows of 77 labels: with an empty cache of sentence vectors, and once more with a full one. */
export const head: BenchLine = {
  figures: {
    headSeconds: { label: 'head only, BANKING77, MiniLM, the first time, s', reference: '<= 30', digits: 1 },
    headCachedSeconds: { label: 'the same with its vectors in the cache, s', reference: '<= 3', digits: 1 },
  },
  async measure(log) {
    const { encoder, set } = await loadBanking()
    const executor = createOnnxExecutor({ threads: availableParallelism() })
    const cacheFolder = await mkdtemp(join(tmpdir(), 'botloom-head-'))
    const train = async (): Promise<number> => {
      const start = performance.now()
      const { card } = await trainHead({ executor, encoder, set, seed: 1, cacheFolder })
      const seconds = (performance.now() - start) / 1000
      log(`${set.train.length} rows: ${seconds.toFixed(1)} s, ${card.heldOut.accuracy.toFixed(4)} on rows held out`)
      return seconds
    }
    try {
      return { headSeconds: await train(), headCachedSeconds: await train() }
    } finally {
      await rm(cacheFolder, { recursive: true, force: true })
    }
  },
}
