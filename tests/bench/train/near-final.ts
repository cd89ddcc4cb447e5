import { availableParallelism } from 'node:os'
import type { Progress } from '#kit'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainEncoder } from '#runtime/training/train-encoder.ts'
import { lowRank, type TuningPlan, topLayers, wholeEncoder } from '#runtime/training/tuning-plan.ts'
import type { BenchLine } from '../bench.ts'
import { loadBanking } from './banking.ts'

/** Accuracy that counts as nearly final: so much below the end of a full fine-tuning. */
const near = 0.003

/** As the form has them, but that no training ends early. */
const settings = {
  epochs: null,
  learningRate: 1e-4,
  batchSize: 32,
  weightDecay: 0.01,
  clipNorm: 1,
  warmup: 0.1,
  dropout: 0.1,
  patience: 50,
}

/**
 * How soon a cheaper way is nearly where a full fine-tuning ends, as a share of that one's time, all in one process. Rows that none
 * learns are asked after each round. The full fine-tuning itself counts too: its head starts warm.
 */
export const nearFinal: BenchLine = {
  figures: {
    nearFinalRatio: {
      label: "time to within 0.3 points of the full fine-tuning's end, share of its time",
      reference: '<= 0.5',
    },
    fullSeconds: { label: 'the full fine-tuning, BANKING77, s', reference: '', digits: 0 },
    fullAccuracy: { label: 'its accuracy', reference: '', digits: 4 },
  },
  async measure(log) {
    const { encoder, set, test } = await loadBanking()
    const executor = createOnnxExecutor({ threads: availableParallelism() })

    /** Seconds and accuracy after each round that was the best so far; ends at `enough`. */
    async function train(plan: TuningPlan, enough = Number.POSITIVE_INFINITY) {
      const rounds: { seconds: number; accuracy: number }[] = []
      const stop = new AbortController()
      const start = performance.now()
      const onProgress = ({ validationAccuracy: accuracy, phase }: Progress): void => {
        if (accuracy === undefined || phase !== 'training' || accuracy === rounds.at(-1)?.accuracy) return
        const seconds = (performance.now() - start) / 1000
        rounds.push({ seconds, accuracy })
        log(`${plan.method}: ${accuracy.toFixed(4)} after ${seconds.toFixed(0)} s`)
        if (accuracy >= enough) stop.abort()
      }
      const options = { executor, encoder, set: { ...set, validation: test }, seed: 1, plan, settings }
      const learned = await trainEncoder({ ...options, signal: stop.signal, onProgress }).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error
        return null
      })
      return { rounds, learned, seconds: (performance.now() - start) / 1000 }
    }

    const full = await train(wholeEncoder)
    const fullAccuracy = full.rounds.at(-1)!.accuracy
    const enough = fullAccuracy - near
    const soon = ({ rounds }: Pick<typeof full, 'rounds'>): number =>
      rounds.find(({ accuracy }) => accuracy >= enough)?.seconds ?? Number.POSITIVE_INFINITY
    const ways = [full, await train(topLayers(encoder, 2), enough), await train(lowRank(8), enough)]
    return { nearFinalRatio: Math.min(...ways.map(soon)) / full.seconds, fullSeconds: full.seconds, fullAccuracy }
  },
}
