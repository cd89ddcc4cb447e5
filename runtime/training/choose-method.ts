import type { Encoder } from '#runtime/language/encoder.ts'
import { batchesByLength, encoderConstants, sentenceProgram } from '#runtime/language/features.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { ints } from '#runtime/tensor/host-tensor.ts'
import type { TrainingSet } from './training-set.ts'

export interface MethodQuestion {
  rows: number
  labels: number
  epochs: number
  /** Layers as they are applied. */
  layers: number
  /** Some layer is applied several times, so that upper ones cannot be trained alone. */
  sharesLayers: boolean
  /** Seconds in which each row goes through the encoder once, on this machine. */
  forwardSeconds: number
  /** How long training may take. */
  minutes: number
}

export interface ChosenMethod {
  method: 'head' | 'partial' | 'full'
  /** Layers to train, with `partial`. */
  layers?: number
  /** What was chosen and why, one English sentence for the model's card. */
  chosen: string
}

/** With fewer the encoder has nothing to learn from, and the head alone is ready in seconds. */
const fewestRowsALabel = 5
const fewestRows = 60

/**
 * A training step costs as much as so many forward passes: three by arithmetic (Kaplan et al. 2020, table 1); padding, dropout and the
 * optimiser made it 6 for MiniLM on 192 rows of BANKING77, by processor time (docs/training.md).
 */
const stepPasses = 6
/** Forward passes of all rows around the steps: for the head to start with, for figures on held-out rows, for the vectors of learned rows. */
const otherPasses = 3

/** Chooses by the number of rows, and by which method is done in the time that the person gives. */
export function chooseMethod(question: MethodQuestion): ChosenMethod {
  const { rows, labels, epochs, layers, sharesLayers, forwardSeconds, minutes } = question
  if (rows < fewestRows || rows / labels < fewestRowsALabel)
    return {
      method: 'head',
      chosen: `head: ${rows} rows of ${labels} labels are too few for the encoder to learn from`,
    }
  const minutesOf = (share: number): number =>
    (forwardSeconds * (otherPasses + epochs * stepPasses * share + (share < 1 ? 1 : 0))) / 60
  const takes = (share: number): string => `about ${Number(minutesOf(share).toFixed(1))} minutes`
  if (minutesOf(1) <= minutes) return { method: 'full', chosen: `full: ${takes(1)}, ${minutes} allowed` }
  const fitting = Array.from({ length: layers - 1 }, (_, i) => layers - 1 - i).find(
    (k) => minutesOf(k / layers) <= minutes,
  )
  if (fitting === undefined || sharesLayers)
    return { method: 'head', chosen: `head: ${takes(1)} for full, ${minutes} allowed` }
  return {
    method: 'partial',
    layers: fitting,
    chosen: `partial, ${fitting} of ${layers} layers: ${takes(fitting / layers)}, ${minutes} allowed; full: ${takes(1)}`,
  }
}

/** Tokens that the speed is measured with, once to warm up and once by the clock: below a second of work each. */
const measuredTokens = 1024

/** Seconds in which all rows of train go through the encoder once, from a few of them. Throws the signal's reason. */
export async function measureForward(
  executor: Executor,
  encoder: Encoder,
  { train }: TrainingSet,
  signal?: AbortSignal,
): Promise<number> {
  const encoded = train.map((row) => encoder.tokenizer.encode(row.text))
  const lengths = encoded.map((ids) => ids.length)
  const all = lengths.reduce((sum, tokens) => sum + tokens, 0)
  const batches = batchesByLength(lengths, measuredTokens)
  // The batch in the middle has the usual length of a text.
  const { rows, length, ids, mask } = padTokens(
    batches[Math.floor(batches.length / 2)]!.map((row) => encoded[row]!),
    encoder.tokenizer.padId,
  )
  const dimensions = { shape: ['batch', 'length'], dtype: 'int32' } as const
  const program = sentenceProgram(encoder)
  const compiled = await executor.compile(
    (inputs) => ({ vectors: program(inputs).vectors! }),
    { ids: dimensions, mask: dimensions },
    { constants: encoderConstants(encoder) },
  )
  try {
    let seconds = 0
    for (let round = 0; round < 2; round++) {
      signal?.throwIfAborted()
      const start = performance.now()
      await compiled.run({ ids: ints([rows, length], ids), mask: ints([rows, length], mask) })
      seconds = (performance.now() - start) / 1000
      await new Promise((resolve) => setImmediate(resolve))
    }
    return (seconds * all) / (rows * length)
  } finally {
    await compiled.dispose()
  }
}
