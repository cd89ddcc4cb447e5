import { type ModelText, modelTextOf } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
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
import type { EntityLearning } from './entity-learning.ts'
import { createLogistic, headScores } from './logistic.ts'
import type { TagScores } from './tag-decoding.ts'
import type { TaggedRow } from './tagging.ts'
import type { TrainingRow, TrainingSet } from './training-set.ts'

export interface TagHeadOptions {
  executor: Executor
  encoder: Encoder
  signal?: AbortSignal
}

/** Words that a head is fitted on: more cost memory and time, and hardly teach a linear one. */
const mostWords = 10_000
const tokensPerCall = 1024
/** Weight of the data against the penalty. Hidden states are long, so that little holds a head back. */
const c = 1
const fit = { c, tolerance: 1e-2, maxIterations: 60 }

/** A linear head for tags by logistic regression on the frozen encoder's hidden states, from evenly chosen rows. */
export async function fitTagHead(
  options: TagHeadOptions,
  learning: EntityLearning,
  rows: readonly TrainingRow[],
  start?: LinearHead,
): Promise<LinearHead> {
  const width = options.encoder.config.hidden_size
  const taught = learning.taught(rows)
  const some = evenly(rows.flatMap((row, i) => taughtRow(row, taught[i]!)))
  const truth = some.flatMap(({ words }) => Array.from(words.tags, (tag) => [tag]))
  if (truth.length === 0)
    return {
      width,
      labels: learning.tags,
      weight: new Float32Array(width * learning.tags),
      bias: new Float32Array(learning.tags),
    }
  const problem = await createLogistic(options.executor, {
    rows: truth.length,
    width,
    vectors: await wordStates(options, some),
    labels: learning.tags,
    truth,
    multi: false,
  })
  try {
    return await problem.fit({ ...fit, start, signal: options.signal })
  } finally {
    await problem.dispose()
  }
}

/**
 * What the quick method learns of entities: the head is judged on the rows held out, validation or some of train, and then fitted on all of train.
 */
export async function trainTagHead(
  options: TagHeadOptions,
  learning: EntityLearning,
  split: Pick<TrainingSet, 'train' | 'validation'>,
  all: readonly TrainingRow[],
): Promise<{ tagHead: LinearHead; entities: NonNullable<ModelCard['entities']> }> {
  const first = await fitTagHead(options, learning, split.train)
  const rows = split.validation
  const taught = learning.taught(rows)
  const checks = rows.flatMap((row, i) => taughtRow(row, taught[i]!))
  const values = await headScores(options.executor, first, await wordStates(options, checks))
  const scores: (TagScores | null)[] = []
  let at = 0
  for (const own of taught) {
    const words = own?.tags.length ?? 0
    const end = at + words * learning.tags
    scores.push(own && { words, types: learning.types.length, values: values.subarray(at, end) })
    at = end
  }
  return {
    entities: learning.assess(rows, scores),
    tagHead: split.train === all ? first : await fitTagHead(options, learning, all, first),
  }
}

interface KnownRow {
  text: ModelText
  words: TaggedRow
}

const taughtRow = (row: TrainingRow, words: TaggedRow | null): KnownRow[] =>
  words ? [{ text: modelTextOf(row), words }] : []

/** Hidden states of all words by the encoder as it is, row-major [words, hidden]. */
async function wordStates(
  { executor, encoder, signal }: TagHeadOptions,
  rows: readonly KnownRow[],
): Promise<Float32Array> {
  const width = encoder.config.hidden_size
  const starts: number[] = []
  let words = 0
  for (const row of rows) {
    starts.push(words)
    words += row.words.tags.length
  }
  const states = new Float32Array(words * width)
  if (words === 0) return states
  const encoded = rows.map((row) => encoder.tokenizer.encode(row.text))
  const sentence = sentenceProgram(encoder)
  const compiled = await executor.compile(
    (inputs) => ({ states: sentence(inputs).hidden! }),
    tokenSpecs(encoded.some(({ types }) => types)),
    { constants: encoderConstants(encoder) },
  )
  try {
    const lengths = encoded.map(({ ids }) => ids.length)
    for (const chosen of batchesByLength(lengths, tokensPerCall)) {
      signal?.throwIfAborted()
      const batch = padTokens(
        chosen.map((row) => encoded[row]!),
        encoder.tokenizer.padId,
      )
      const { states: hidden } = await compiled.run(tokenInputs(batch))
      for (const [i, row] of chosen.entries()) {
        const { words: own } = rows[row]!
        for (let word = 0; word < own.tokens.length; word++) {
          const from = (i * batch.length + own.tokens[word]!) * width
          states.set((hidden!.data as Float32Array).subarray(from, from + width), (starts[row]! + word) * width)
        }
      }
      // Native calls block; the loop must turn so that stop and heartbeat are heard.
      await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    await compiled.dispose()
  }
  return states
}

/** Every so many rows, so that no more words than wanted are among them. */
function evenly(rows: readonly KnownRow[]): KnownRow[] {
  const words = rows.reduce((sum, row) => sum + row.words.tags.length, 0)
  const step = Math.max(1, words / mostWords)
  const chosen: KnownRow[] = []
  for (let at = 0; at < rows.length; at += step) chosen.push(rows[Math.floor(at)]!)
  return chosen
}
