import { modelTextOf } from '#kit'
import type { MethodChoice } from '#runtime/language/card.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import {
  batchesByLength,
  encoderConstants,
  sentenceProgram,
  tokenInputs,
  tokenSpecs,
} from '#runtime/language/features.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import type { TrainingSet } from './training-set.ts'

export interface MethodQuestion {
  rows: number
  labels: number
  epochs: number
  /** Trainings of the whole encoder that should be averaged, where there is time. */
  members: number
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
  /** Trainings that are averaged. */
  members: number
  chosen: MethodChoice
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

/**
 * Minutes that a training should take: all rows go through the encoder `epochs` times, and a step costs `share` of one that trains all of
 * it. A share of 0 trains the head alone.
 */
export function minutesOfTraining(forwardSeconds: number, epochs: number, share: number): number {
  return (forwardSeconds * (otherPasses + epochs * stepPasses * share + (share < 1 ? 1 : 0))) / 60
}

/** Chooses by the number of rows, and by which method is done in the time that the person gives; the whole encoder once goes before part of it several times. */
export function chooseMethod(question: MethodQuestion): ChosenMethod {
  const { rows, labels, epochs, members, layers, sharesLayers, forwardSeconds, minutes: allowed } = question
  const about = { rows, labels, allowed, of: layers }
  if (rows < fewestRows || rows / labels < fewestRowsALabel) {
    const none = { minutes: null, fullMinutes: null, layers: 0 }
    return { method: 'head', members: 1, chosen: { why: 'few-rows', method: 'head', ...none, ...about } }
  }
  const minutesOf = (share: number, count = 1): number => minutesOfTraining(forwardSeconds, epochs * count, share)
  const fullMinutes = minutesOf(1)
  const count = Array.from({ length: members }, (_, i) => members - i).find((own) => minutesOf(1, own) <= allowed)
  if (count !== undefined) {
    const minutes = minutesOf(1, count)
    return {
      method: 'full',
      members: count,
      chosen: { why: 'fits', method: 'full', minutes, fullMinutes: minutes, layers, ...about },
    }
  }
  const fitting = Array.from({ length: layers - 1 }, (_, i) => layers - 1 - i).find(
    (k) => minutesOf(k / layers) <= allowed,
  )
  if (fitting === undefined || sharesLayers)
    return {
      method: 'head',
      members: 1,
      chosen: { why: 'nothing-fits', method: 'head', minutes: minutesOf(0), fullMinutes, layers: 0, ...about },
    }
  const minutes = minutesOf(fitting / layers)
  return {
    method: 'partial',
    members: 1,
    layers: fitting,
    chosen: { why: 'part-fits', method: 'partial', minutes, fullMinutes, layers: fitting, ...about },
  }
}

/** What of a `MethodQuestion` the encoder and this machine answer for these rows. Throws the signal's reason. */
export async function measureEncoder(
  executor: Executor,
  encoder: Encoder,
  set: Pick<TrainingSet, 'train'>,
  signal?: AbortSignal,
): Promise<Pick<MethodQuestion, 'layers' | 'sharesLayers' | 'forwardSeconds'>> {
  const order = encoder.config.layer_order
  return {
    layers: order.length,
    sharesLayers: new Set(order).size < order.length,
    forwardSeconds: await measureForward(executor, encoder, set, signal),
  }
}

/** Tokens that the speed is measured with, once to warm up and once by the clock: below a second of work each. */
const measuredTokens = 1024

/** Seconds in which all rows of train go through the encoder once, from a few of them. Throws the signal's reason. */
export async function measureForward(
  executor: Executor,
  encoder: Encoder,
  { train }: Pick<TrainingSet, 'train'>,
  signal?: AbortSignal,
): Promise<number> {
  const encoded = train.map((row) => encoder.tokenizer.encode(modelTextOf(row)))
  const lengths = encoded.map(({ ids }) => ids.length)
  const all = lengths.reduce((sum, tokens) => sum + tokens, 0)
  const batches = batchesByLength(lengths, measuredTokens)
  // The batch in the middle has the usual length of a text.
  const batch = padTokens(
    batches[Math.floor(batches.length / 2)]!.map((row) => encoded[row]!),
    encoder.tokenizer.padId,
  )
  const program = sentenceProgram(encoder)
  const compiled = await executor.compile(
    (inputs) => ({ vectors: program(inputs).vectors! }),
    tokenSpecs(batch.types !== null),
    { constants: encoderConstants(encoder) },
  )
  try {
    let seconds = 0
    for (let round = 0; round < 2; round++) {
      signal?.throwIfAborted()
      const start = performance.now()
      await compiled.run(tokenInputs(batch))
      seconds = (performance.now() - start) / 1000
      await new Promise((resolve) => setImmediate(resolve))
    }
    return (seconds * all) / (batch.rows * batch.length)
  } finally {
    await compiled.dispose()
  }
}
