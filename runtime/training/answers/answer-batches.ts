import { type DecoderConfig, decoderShapes } from '#runtime/language/decoder/decoder-config.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats, ints, sizeOf } from '#runtime/tensor/host-tensor.ts'
import type { AnswerTokens } from './answer-rows.ts'

/** The number of learned places is rounded up to a quarter of all places, or to this where that is less: a shape takes long to compile. */
const quarters = 4
const leastPlaces = 16

/** Places of the answer that each row is learned at. */
const learnedIn = ({ ids, from }: AnswerTokens): number => Math.max(0, ids.length - 1 - from)

/**
 * A batch, padded to `size` rows of `length` tokens: `ids` int32 [size, length], the places in it that are learned `at` int32 [n], the tokens that follow
 * them `next` int32 [n], and `share` float32 [n], which sums to 1. Each answer's token counts the same.
 */
export function answerInputs(rows: readonly AnswerTokens[], size: number, length: number, padId: number): HostTensors {
  return inputsOf(rows, { size, length, padId, tokens: countTokens(rows), places: placesOf(rows, size, length) })
}

/** The same in parts of `each` rows, whose shares sum to 1 all together. */
export function answerParts(rows: readonly AnswerTokens[], each: number, length: number, padId: number): HostTensors[] {
  const parts = Array.from({ length: Math.ceil(rows.length / each) }, (_, i) => rows.slice(i * each, (i + 1) * each))
  const places = Math.max(...parts.map((part) => placesOf(part, each, length)))
  return parts.map((part) => inputsOf(part, { size: each, length, padId, tokens: countTokens(rows), places }))
}

/** Tokens of answers that rows teach or are judged by. */
export const countTokens = (rows: readonly AnswerTokens[]): number => rows.reduce((sum, row) => sum + learnedIn(row), 0)

function placesOf(rows: readonly AnswerTokens[], size: number, length: number): number {
  const step = Math.max(leastPlaces, Math.ceil((size * length) / quarters))
  return Math.max(1, Math.ceil(countTokens(rows) / step)) * step
}

function inputsOf(
  rows: readonly AnswerTokens[],
  { size, length, padId, tokens, places }: Record<'size' | 'length' | 'padId' | 'tokens' | 'places', number>,
): HostTensors {
  const ids = new Int32Array(size * length).fill(padId)
  const at = new Int32Array(places)
  const next = new Int32Array(places).fill(padId)
  const share = new Float32Array(places)
  let place = 0
  for (const [row, own] of rows.entries()) {
    ids.set(own.ids, row * length)
    for (let from = own.from; from < own.ids.length - 1; from++, place++) {
      at[place] = row * length + from
      next[place] = own.ids[from + 1]!
      share[place] = 1 / tokens
    }
  }
  return {
    ids: ints([size, length], ids),
    at: ints([places], at),
    next: ints([places], next),
    share: floats([places], share),
  }
}

/** Scores of the vocabulary, one number each, that are held at once: four tables of them are 1 GiB. */
const mostScores = 2 ** 26
/** Arithmetic operations of one call on a processor: seconds, after which stop and heartbeat are heard. */
const mostOperations = 3e11
/** Forward and backward take six operations a weight and token (Kaplan et al. 2020, section 2.1). */
const operationsAWeight = 6

/** Rows that are computed together: a decoder has far more words than a classifier has labels, and may be large. `name` is the executor's. */
export function rowsThatFit(config: DecoderConfig, rows: readonly AnswerTokens[], name: string): number {
  const longest = (of: (row: AnswerTokens) => number): number => rows.reduce((most, row) => Math.max(most, of(row)), 1)
  const byMemory = mostScores / (config.vocab_size * longest(learnedIn))
  const weights = [...decoderShapes(config).values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
  const byTime = mostOperations / (operationsAWeight * weights * longest(({ ids }) => ids.length))
  return Math.max(1, Math.floor(name === 'cpu' ? Math.min(byMemory, byTime) : byMemory))
}
