import { availableParallelism } from 'node:os'
import * as tf from '@tensorflow/tfjs-core'
import { bertHidden, poolHidden } from '#runtime/language/bert.ts'
import type { Encoder, EncoderConfig } from '#runtime/language/encoder.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { createTrainer, type LossProgram, type TrainBatch } from '#runtime/tensor/train-step.ts'
import type { BenchLine } from '../bench.ts'
import { loadBanking } from './banking.ts'
import { lengthBatches } from './length-batches.ts'
import { createPeakMeter } from './peak.ts'

/** Tokens a batch: enough to keep the cores full, padding included. */
const tokensPerBatch = 1024
const dropout = 0.1
const rounds = 6
const batchesPerRound = 8

const isEmbedding = (name: string): boolean => name.startsWith('embeddings.')

/**
 * The floating-point operations that training on these rows must do, matrix products alone, 2 for a multiply and add; n is a row's
 * real length, so that padding counts as waste. H hidden size, I inner size, L layers, C classes.
 *
 * forward, a token and layer: 4 H^2 (query, key, value, output) + 2 H I (up, down), and 2 n H in attention (scores, mixture);
 * a row: H C in the head. Backward: twice that (gradients of the inputs and of the weights; in attention, of both factors), less
 * the first layer's input gradient 3 H^2 a token, which nobody needs as the embeddings are frozen.
 */
function flopsOf(config: EncoderConfig, labels: number, lengths: readonly number[]): number {
  const { hidden_size: h, intermediate_size: i, num_hidden_layers: layers } = config
  let products = 0
  for (const n of lengths) {
    const forward = layers * n * (4 * h * h + 2 * h * i + 2 * n * h) + h * labels
    products += 3 * forward - n * 3 * h * h
  }
  return 2 * products
}

const lengthsOf = ({ inputs }: TrainBatch): number[] => {
  const [rows, length] = inputs.mask!.shape as [number, number]
  return Array.from({ length: rows }, (_, r) =>
    (inputs.mask!.data as Int32Array).subarray(r * length, (r + 1) * length).reduce((sum, v) => sum + v, 0),
  )
}

/** Full fine-tuning as published recipes do it: dropout, cross-entropy, embeddings frozen. */
export function classifierLoss(encoder: Encoder, labels: number): LossProgram {
  return (weights, { ids, mask, labels: targets }, random) => {
    const hidden = bertHidden(
      weights,
      encoder.config,
      { ids: ids!, mask: mask! },
      { random, hidden: dropout, attention: dropout },
    )
    const pooled = random.dropout(poolHidden(hidden, mask!, encoder.pooling), dropout)
    const logits = linear(pooled, weights['head.weight']!, weights['head.bias']!, { transposed: true })
    const wanted = tf.oneHot(targets as tf.Tensor1D, labels)
    return { loss: tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), wanted), -1))) }
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Spreads the shapes over the epoch but keeps runs of one shape together, as chunks need. */
function sample(batches: readonly TrainBatch[], count: number): TrainBatch[] {
  return Array.from({ length: count }, (_, i) => batches[Math.floor(((i + 0.5) * batches.length) / count)]!)
}

export const throughput: BenchLine = {
  figures: {
    examplesPerSecond: {
      label: 'full fine-tuning, BANKING77, MiniLM, examples a second',
      reference:
        'PyTorch 2.15 on two cores: 21 with Hugging Face defaults, 90 with its best float32 settings; ours >= 126',
      digits: 1,
    },
    peakShare: { label: 'share of the matrix product peak', reference: '>= 0.60, padding counted as waste' },
    peakGflops: { label: 'matrix product peak, GFLOP/s', reference: 'about 210 on the reference machine', digits: 0 },
    paddingShare: { label: 'share of padding among tokens', reference: 'as little as possible', digits: 3 },
    sessionSeconds: { label: 'a trace and its session, seconds, worst shape', reference: '<= 0.5 a shape' },
  },
  async measure(log) {
    const { encoder, rows, labels } = await loadBanking()
    const { config, tokenizer } = encoder
    const executor = createOnnxExecutor({ threads: availableParallelism() })
    const all = [...encoder.weights].map(([name, w]) => [name, floats(w.shape, w.data)] as const)
    const frozen: HostTensors = Object.fromEntries(all.filter(([name]) => isEmbedding(name)))
    const trainable: HostTensors = {
      ...Object.fromEntries(all.filter(([name]) => !isEmbedding(name) && !name.startsWith('pooler.'))),
      'head.weight': floats([labels, config.hidden_size]),
      'head.bias': floats([labels]),
    }
    const epoch = lengthBatches(rows, tokensPerBatch, tokenizer.padId, 2e-5)
    const real = epoch.flatMap(lengthsOf)
    const padded = epoch.reduce((sum, { inputs }) => sum + inputs.ids!.data.length, 0)
    const realTokens = real.reduce((a, b) => a + b, 0)
    log(
      `${real.length} of ${rows.length} rows in ${epoch.length} batches, ${(realTokens / real.length).toFixed(1)} tokens a row`,
    )

    const peak = await createPeakMeter(executor)
    const trainer = await createTrainer(executor, { trainable, frozen, loss: classifierLoss(encoder, labels) })
    try {
      let sessionSeconds = 0
      const shapes = new Map(epoch.map((batch) => [batch.inputs.ids!.shape.join(), batch]))
      const chosen = sample(epoch, rounds * batchesPerRound)
      for (const batch of shapes.values()) {
        const start = performance.now()
        await trainer.prepare([batch])
        sessionSeconds = Math.max(sessionSeconds, (performance.now() - start) / 1000)
      }
      log(
        `${shapes.size} shapes: ${[...shapes.keys()].join(' | ')}; the slowest ready in ${sessionSeconds.toFixed(2)} s`,
      )
      // Each shape's first run takes its memory; training proper does that once an hour, not once a batch.
      for (const batch of shapes.values()) await trainer.step([batch])

      log(`memory with all shapes: ${(process.memoryUsage().rss / 2 ** 30).toFixed(1)} GiB`)
      // Peak and training alternate, so that another load on the machine weighs on both; the medians of the rounds stand.
      const peaks = [await peak.measure()]
      const speeds: number[] = []
      const shares: number[] = []
      for (let round = 0; round < rounds; round++) {
        // Every round holds the whole range of lengths, at the epoch's frequency.
        const batches = chosen.filter((_, i) => i % rounds === round)
        const start = performance.now()
        const results = await trainer.step(batches)
        const seconds = (performance.now() - start) / 1000
        peaks.push(await peak.measure())
        const lengths = batches.flatMap(lengthsOf)
        const rate = flopsOf(config, labels, lengths) / seconds
        speeds.push(lengths.length / seconds)
        shares.push(rate / ((peaks.at(-1)! + peaks.at(-2)!) / 2))
        log(
          `round ${round + 1}: ${speeds.at(-1)!.toFixed(1)} examples/s, ${(rate / 1e9).toFixed(0)} of ${(peaks.at(-1)! / 1e9).toFixed(0)} GFLOP/s, loss ${results.at(-1)!.loss.toFixed(3)}`,
        )
      }
      return {
        examplesPerSecond: median(speeds),
        peakShare: median(shares),
        peakGflops: median(peaks) / 1e9,
        paddingShare: 1 - realTokens / padded,
        sessionSeconds,
      }
    } finally {
      await trainer.dispose()
      await peak.dispose()
    }
  },
}
