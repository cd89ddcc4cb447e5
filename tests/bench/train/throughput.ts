import { availableParallelism } from 'node:os'
import type { EncoderConfig } from '#runtime/language/encoder-config.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { webgpu } from '#runtime/tensor/executors/webgpu.ts'
import { classification } from '#runtime/training/classification.ts'
import { createFineTuning, type FineTuningSettings } from '#runtime/training/fine-tuning.ts'
import { dealBatches, paddedRows } from '#runtime/training/length-batches.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import { type BenchLine, SkipLine } from '../bench.ts'
import { loadBanking } from './banking.ts'
import { createPeakMeter } from './peak.ts'

const settings: FineTuningSettings = {
  epochs: 3,
  learningRate: 2e-4,
  batchSize: 64,
  weightDecay: 0.01,
  warmup: 0.1,
  dropout: 0.1,
  seed: 1,
}

/** The whole set is trained on: of a part of it, fewer rows of a length would fill a batch, and padding would look worse than it is. */
const rounds = settings.epochs - 1

/**
 * The floating-point operations that training on these rows must do: matrix products alone, 2 for a multiply and add. n is a row's
 * real length, so that padding counts as waste; so do dropout, normalisation, activations and the optimiser.
 * H hidden size, I inner size, L layers, C classes.
 *
 * forward, a token and layer: 4 H^2 (query, key, value, output) + 2 H I (up, down) + 2 n H (attention's scores and mixture); a row:
 * H C in the head. The backward pass does twice that: gradients of the inputs and of the weights, in attention of both factors. The
 * embedding tables are frozen and count nothing; their normalisation is trained, so the first layer's input gradient is needed.
 */
function flopsOf(config: EncoderConfig, labels: number, lengths: readonly number[]): number {
  const { hidden_size: h, intermediate_size: i, num_hidden_layers: layers } = config
  let products = 0
  for (const n of lengths) products += layers * n * (4 * h * h + 2 * h * i + 2 * n * h) + h * labels
  return 3 * 2 * products
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** What a full fine-tuning on BANKING77 does on `inner`: speeds, shares, seconds a shape. Shapes and units as in `throughput`. */
async function measure(inner: Executor, log: (text: string) => void) {
  const { encoder, rows, labels } = await loadBanking()
  const { config, tokenizer } = encoder
  const lengths = rows.map((row) => tokenizer.encode(row.text).ids.length)
  const compileTimes: number[] = []
  const executor: Executor = {
    ...inner,
    async compileLoop(program, spec) {
      const start = performance.now()
      const loop = await inner.compileLoop(program, spec)
      compileTimes.push((performance.now() - start) / 1000)
      return loop
    },
  }
  const peak = await createPeakMeter(inner)
  const width = config.hidden_size
  const head = { width, labels, weight: new Float32Array(width * labels), bias: new Float32Array(labels) }
  // No vector to stay near to costs as much as one.
  const lesson = { rows, anchors: new Float32Array(rows.length * width) }
  const tuning = await createFineTuning(executor, encoder, classification(head, rows, false), lesson, settings)
  try {
    log(
      `${inner.device}: ${rows.length} rows, ${(sum(lengths) / rows.length).toFixed(1)} tokens a row, ${settings.batchSize} rows a batch`,
    )
    // The first epoch compiles; training proper does that once, not once an epoch.
    await tuning.epoch(1)
    const memory = (process.memoryUsage().rss / 2 ** 30).toFixed(1)
    log(
      `${compileTimes.length} shapes, ready in ${compileTimes.map((s) => s.toFixed(2)).join(' ')} s; memory ${memory} GiB`,
    )

    // Peak and training alternate, so that another load on the machine weighs on both; the medians of the rounds stand.
    const peaks = [await peak.measure()]
    const speeds: number[] = []
    const shares: number[] = []
    const paddings: number[] = []
    for (let round = 1; round <= rounds; round++) {
      const epoch = round + 1
      const batches = dealBatches(
        lengths,
        settings.batchSize,
        tokenizer.maxLength,
        seededRandom(settings.seed * 7919 + epoch),
      )
      paddings.push(1 - sum(lengths) / sum(batches.map((b) => b.length * paddedRows(b, settings.batchSize))))
      const start = performance.now()
      const loss = await tuning.epoch(epoch)
      const seconds = (performance.now() - start) / 1000
      peaks.push(await peak.measure())
      const rate = flopsOf(config, labels, lengths) / seconds
      const ceiling = (peaks.at(-1)! + peaks.at(-2)!) / 2
      speeds.push(rows.length / seconds)
      shares.push(rate / ceiling)
      log(
        `round ${round}: ${speeds.at(-1)!.toFixed(1)} examples/s, ${(rate / 1e9).toFixed(0)} of ${(ceiling / 1e9).toFixed(0)} GFLOP/s, loss ${loss.toFixed(3)}`,
      )
    }
    return {
      speed: median(speeds),
      share: median(shares),
      peak: median(peaks) / 1e9,
      padding: median(paddings),
      session: Math.max(...compileTimes),
    }
  } finally {
    await tuning.dispose()
    await peak.dispose()
  }
}

export const throughput: BenchLine = {
  figures: {
    examplesPerSecond: {
      label: 'full fine-tuning, BANKING77, MiniLM, examples a second',
      reference:
        'PyTorch 2.15, two cores: 21 with Hugging Face defaults, 90 with its best float32 settings; ours >= 126',
      digits: 1,
    },
    peakShare: { label: 'share of the matrix product peak', reference: '>= 0.60, padding counted as waste' },
    peakGflops: { label: 'matrix product peak, GFLOP/s', reference: 'about 210 on the reference machine', digits: 0 },
    paddingShare: { label: 'share of padding among tokens', reference: '< 0.1', digits: 3 },
    sessionSeconds: { label: 'a trace and its session, seconds, worst shape', reference: '<= 0.5 a shape' },
  },
  async measure(log) {
    const { speed, share, peak, padding, session } = await measure(
      createOnnxExecutor({ threads: availableParallelism() }),
      log,
    )
    return {
      examplesPerSecond: speed,
      peakShare: share,
      peakGflops: peak,
      paddingShare: padding,
      sessionSeconds: session,
    }
  },
}

/** The same on the graphics card, where there is one. */
export const throughputOnCard: BenchLine = {
  figures: {
    webgpuExamplesPerSecond: {
      label: 'the same on the graphics card (WebGPU), examples a second',
      reference: 'the processor of the same machine, above',
      digits: 1,
    },
    webgpuPeakShare: { label: "share of the card's matrix product peak", reference: '' },
    webgpuPeakGflops: { label: 'matrix product peak of the card (WebGPU), GFLOP/s', reference: '', digits: 0 },
    webgpuSessionSeconds: { label: 'a trace and its session on the card, seconds, worst shape', reference: '' },
  },
  async measure(log) {
    const card = await openCard()
    const { speed, share, peak, session } = await measure(card, log)
    return {
      webgpuExamplesPerSecond: speed,
      webgpuPeakShare: share,
      webgpuPeakGflops: peak,
      webgpuSessionSeconds: session,
    }
  },
}

/** Throws `SkipLine` where this machine has no graphics card. */
async function openCard(): Promise<Executor> {
  const absence = await webgpu.findAbsence(false)
  if (absence) throw new SkipLine(`no graphics card (${absence.code})`)
  return webgpu.open({ threads: availableParallelism() })
}
