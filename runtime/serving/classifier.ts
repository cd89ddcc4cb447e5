import * as ort from 'onnxruntime-node'
import { BotloomError, type Classification, type ModelText, modelTextOf } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'
import { graphFiles, type Precision } from '#runtime/language/checkpoint.ts'
import { loadEncoderFrame } from '#runtime/language/encoder.ts'
import { createLabelDistance } from '#runtime/language/label-distance.ts'
import { readCard } from '#runtime/language/read-card.ts'
import { energyOf, outOfScopeScore } from '#runtime/language/scope.ts'
import { nearestOf } from '#runtime/language/similarity.ts'
import { type Encoded, padTokens, type TextTokenizer } from '#runtime/language/tokenizer.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { bucketLength } from '#runtime/training/length-batches.ts'
import { createNeighbours, type NeighbourOpinion } from '#runtime/training/neighbour-vote.ts'
import { toProbabilities } from '#runtime/training/predict.ts'
import { countTags } from '#runtime/training/tags.ts'
import { createWordVote } from '#runtime/training/word-vote.ts'
import { readEntities } from './entity-reader.ts'
import { type LearnedRows, loadRows } from './learned-rows.ts'
import { bucketsUpTo, groupByLength } from './length-groups.ts'
import { openGraph } from './open-graph.ts'

/** A trained model ready to answer. `classify` blocks the event loop while it computes: compute processes only. */
export interface LoadedClassifier {
  readonly card: ModelCard
  /** Bytes of memory that it takes, about: its graph, the learned rows once for itself and once for comparing, and their words where they count. */
  readonly bytes: number
  /**
   * Tokens of a text, and the length that they are padded to: a few lengths for all texts, so that few shapes are run. Throws
   * `second-text-missing` where the model reads two texts; of a pair, a model of single texts reads the first.
   */
  encode(text: ModelText): EncodedText
  /** One answer a text, in the order of the texts, in one call into the graph. Probabilities are calibrated, highest first. */
  answer(texts: readonly EncodedText[]): Promise<Classification[]>
  /** The same for any number of texts, in as many calls as are cheapest. */
  classify(texts: readonly ModelText[]): Promise<Classification[]>
  /** Runs each shape of a single text once, so that no visitor is the first. */
  warm(): Promise<void>
  dispose(): Promise<void>
}

export interface EncodedText extends Encoded {
  text: ModelText
  length: number
}

export interface ClassifierOptions {
  /** CPU threads; default is ONNX Runtime's choice. */
  threads?: number
  /** Which form of the graph answers; default is the full one. `int8` needs a model that was tried with it. */
  precision?: Precision
}

/** The bounds of one call into the graph: short enough to let other requests in. */
export const callBounds = { maxRows: 32, maxTokens: 1024 }
/** Tokens of the longest shape that is run ahead; what customers write is seldom longer. */
const longestWarm = 64
const neighboursShown = 3

/**
 * Opens a model folder. Throws `model-unreadable` when a file is missing, or card, graph, tokenizer and rows do not fit
 * each other.
 */
export async function createClassifier(folder: string, options: ClassifierOptions = {}): Promise<LoadedClassifier> {
  const card = await readCard(folder)
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const { tokenizer } = await loadEncoderFrame(folder, card.encoder.name)
  const rows = await loadRows(folder, card)
  const file = graphFiles[options.precision ?? 'full']
  // On the CPU it is slower than the sum and Gelu one after the other.
  const without = 'BiasGeluFusion'
  const { session, bytes } = await openGraph(folder, file, { threads: options.threads, without })
  // One text at the start: a graph of other widths is refused here, and the first visitor does not wait for warm-up.
  const encode = (asked: ModelText): EncodedText => {
    if (card.pairs && typeof asked === 'string') throw new BotloomError('second-text-missing')
    const text = card.pairs || typeof asked === 'string' ? asked : asked[0]
    const encoded = tokenizer.encode(text)
    return { text, ...encoded, length: bucketLength(encoded.ids.length, tokenizer.maxLength) }
  }
  const sample = encode(['a', 'a'])
  const trial = await score(session, tokenizer, [sample]).catch((error: unknown) => {
    throw fail(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  })
  if (trial.scores.length !== card.labels.length)
    throw fail(`${file} gives another number of labels than card.json names`)
  if (trial.vectors.length !== card.encoder.width)
    throw fail(`${file} gives vectors of another width than card.json says`)
  const tags = card.entities ? countTags(card.entities.types.length) : 0
  if (card.entities && trial.tagScores?.length !== trial.length * tags)
    throw fail(`${file} gives other tags of entities than card.json names`)
  const executor = createOnnxExecutor({ threads: options.threads ?? 1 })
  const neighbours = await createNeighbours(executor, rows.vectors, rows.width, rows.labelOf, card.labels.length)
  const distance =
    card.scope.score === 'distance'
      ? await createLabelDistance(executor, rows.vectors, rows.width, rows.labelOf)
      : undefined
  const wordVote =
    !card.multi && card.calibration.words > 0
      ? createWordVote(rows.rows.map(modelTextOf), rows.labelOf, card.labels.length)
      : undefined
  async function answer(texts: readonly EncodedText[]): Promise<Classification[]> {
    const start = performance.now()
    const found = await score(session, tokenizer, texts)
    const opinions = await neighbours.of(found.vectors)
    const distances = await distance?.of(found.vectors)
    const ms = performance.now() - start
    const answers = texts.map(({ text }, i): Classification => {
      const own = describe(card, rows, found.scores, i, opinions[i]!, distances?.[i] ?? 0, wordVote?.of(text))
      const described = { ...own, ms }
      if (!card.entities) return described
      const size = found.length * tags
      const tagScores = found.tagScores!.subarray(i * size, (i + 1) * size)
      return { ...described, entities: readEntities(text, tagScores, tokenizer, card.entities) }
    })
    // Native calls block; the loop must turn so that new requests are heard.
    await new Promise((resolve) => setImmediate(resolve))
    return answers
  }
  return {
    card,
    bytes: bytes + 2 * rows.vectors.byteLength + (wordVote?.bytes ?? 0),
    encode,
    answer,
    async classify(texts) {
      const encoded = texts.map(encode)
      const answers = new Array<Classification>(texts.length)
      const lengths = encoded.map((text) => text.length)
      for (const call of groupByLength(lengths, callBounds)) {
        const found = await answer(call.map((row) => encoded[row]!))
        for (const [i, row] of call.entries()) answers[row] = found[i]!
      }
      return answers
    },
    async warm() {
      for (const length of bucketsUpTo(Math.min(longestWarm, tokenizer.maxLength), tokenizer.maxLength))
        await answer([{ ...sample, length }])
    },
    async dispose() {
      await neighbours.dispose()
      await distance?.dispose()
      await session.release()
    },
  }
}

interface Scored {
  scores: Float32Array
  vectors: Float32Array
  /** [batch, length, tags]; absent where the model has no tag head. */
  tagScores?: Float32Array
  /** Tokens that each text was padded to. */
  length: number
}

async function score(
  session: ort.InferenceSession,
  tokenizer: TextTokenizer,
  texts: readonly EncodedText[],
): Promise<Scored> {
  const { ids, mask, types, rows, length } = padTokens(
    texts,
    tokenizer.padId,
    texts.reduce((longest, text) => Math.max(longest, text.length), 1),
  )
  const out = await session.run({
    ids: new ort.Tensor('int32', ids, [rows, length]),
    mask: new ort.Tensor('int32', mask, [rows, length]),
    ...(types ? { types: new ort.Tensor('int32', types, [rows, length]) } : {}),
  })
  return {
    scores: out.scores!.data as Float32Array,
    vectors: out.vectors!.data as Float32Array,
    ...(out.tagScores ? { tagScores: out.tagScores.data as Float32Array } : {}),
    length,
  }
}

function describe(
  card: ModelCard,
  rows: LearnedRows,
  table: Float32Array,
  index: number,
  { similarities, vote }: NeighbourOpinion,
  distance: number,
  words?: Float64Array,
): Omit<Classification, 'ms'> {
  const count = card.labels.length
  const scores = table.subarray(index * count, (index + 1) * count)
  const probabilities = toProbabilities(scores, card.calibration, card.multi, {
    ...(card.multi ? {} : { vote }),
    ...(words ? { words } : {}),
  })
  const labels = card.labels
    .map(({ id, name }, i) => ({ label: id, name, probability: probabilities[i]! }))
    .sort((a, b) => b.probability - a.probability)
  const near = nearestOf(similarities, neighboursShown)
  return {
    labels,
    outOfScope: outOfScopeScore(card.scope, {
      confidence: labels[0]!.probability,
      similarity: near[0]?.similarity ?? 0,
      energy: energyOf(scores, card.multi),
      distance,
    }),
    neighbours: near.map(({ index: at, similarity }) => {
      const { row, text, pair, labels: own } = rows.rows[at]!
      const label = card.labels[own[0]!]!
      return { row, text, ...(pair === undefined ? {} : { pair }), label: label.id, name: label.name, similarity }
    }),
  }
}
