import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { BotloomError, type Classification } from '#kit'
import { type ModelCard, outOfScopeScore } from '#runtime/language/card.ts'
import { loadEncoderFrame } from '#runtime/language/encoder.ts'
import { readCard } from '#runtime/language/read-card.ts'
import { createSimilarity } from '#runtime/language/similarity.ts'
import { padTokens, type TextTokenizer } from '#runtime/language/tokenizer.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { neighbourVote, withVote } from '#runtime/training/neighbour-vote.ts'
import { toProbabilities } from '#runtime/training/predict.ts'
import { countTags } from '#runtime/training/tags.ts'
import { readEntities } from './entity-reader.ts'
import { type LearnedRows, loadRows, nearestOf } from './learned-rows.ts'

/** A trained model ready to answer. `classify` blocks the event loop while it computes: compute processes only. */
export interface LoadedClassifier {
  readonly card: ModelCard
  /** One answer a text, in the order of the texts. Probabilities are calibrated, highest first. */
  classify(texts: readonly string[]): Promise<Classification[]>
  dispose(): Promise<void>
}

export interface ClassifierOptions {
  /** CPU threads; default is ONNX Runtime's choice. */
  threads?: number
}

/** Padded tokens of one call into the graph: short enough to let other requests in. */
const tokensPerCall = 1024
const neighbours = 3

/**
 * Opens a model folder. Throws `model-unreadable` when a file is missing, or card, graph, tokenizer and rows do not fit
 * each other.
 */
export async function createClassifier(folder: string, options: ClassifierOptions = {}): Promise<LoadedClassifier> {
  const card = await readCard(folder)
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const { tokenizer } = await loadEncoderFrame(folder, card.encoder.name)
  const rows = await loadRows(folder, card)
  const graph = await readFile(join(folder, 'model.onnx')).catch(() => {
    throw fail('model.onnx is missing')
  })
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
  }).catch((error: unknown) => {
    throw fail(`model.onnx: ${error instanceof Error ? error.message : String(error)}`)
  })
  // One text at the start: a graph of other widths is refused here, and the first visitor does not wait for warm-up.
  const trial = await score(session, tokenizer, [tokenizer.encode('a')]).catch((error: unknown) => {
    throw fail(`model.onnx: ${error instanceof Error ? error.message : String(error)}`)
  })
  if (trial.scores.length !== card.labels.length)
    throw fail('model.onnx gives another number of labels than card.json names')
  if (trial.vectors.length !== card.encoder.width)
    throw fail('model.onnx gives vectors of another width than card.json says')
  const tags = card.entities ? countTags(card.entities.types.length) : 0
  if (card.entities && trial.tagScores?.length !== trial.length * tags)
    throw fail('model.onnx gives other tags of entities than card.json names')
  const executor = createOnnxExecutor({ threads: options.threads ?? 1 })
  const similarity = await createSimilarity(executor, rows.vectors, rows.width)
  return {
    card,
    async classify(texts) {
      const encoded = texts.map((text) => tokenizer.encode(text))
      const answers = new Array<Classification>(texts.length)
      for (const batch of batches(encoded)) {
        const start = performance.now()
        const found = await score(
          session,
          tokenizer,
          batch.map((row) => encoded[row]!),
        )
        const similarities = await similarity.of(found.vectors)
        const ms = performance.now() - start
        for (const [i, row] of batch.entries()) {
          const own = similarities.subarray(i * rows.rows.length, (i + 1) * rows.rows.length)
          answers[row] = { ...describe(card, rows, found.scores, i, own), ms }
          if (card.entities) {
            const size = found.length * tags
            const tagScores = found.tagScores!.subarray(i * size, (i + 1) * size)
            answers[row].entities = readEntities(texts[row]!, tagScores, tokenizer, card.entities)
          }
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
      return answers
    },
    async dispose() {
      await similarity.dispose()
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
  encoded: readonly Int32Array[],
): Promise<Scored> {
  const { ids, mask, rows, length } = padTokens(encoded, tokenizer.padId)
  const out = await session.run({
    ids: new ort.Tensor('int32', ids, [rows, length]),
    mask: new ort.Tensor('int32', mask, [rows, length]),
  })
  return {
    scores: out.scores!.data as Float32Array,
    vectors: out.vectors!.data as Float32Array,
    ...(out.tagScores ? { tagScores: out.tagScores.data as Float32Array } : {}),
    length,
  }
}

/** Texts of like length together, each batch within the token budget. */
function batches(encoded: readonly Int32Array[]): number[][] {
  const order = encoded.map((_, row) => row).sort((a, b) => encoded[a]!.length - encoded[b]!.length)
  const result: number[][] = []
  for (const row of order) {
    const last = result.at(-1)
    if (last && (last.length + 1) * encoded[row]!.length <= tokensPerCall) last.push(row)
    else result.push([row])
  }
  return result
}

function describe(
  card: ModelCard,
  rows: LearnedRows,
  table: Float32Array,
  index: number,
  similarities: Float32Array,
): Omit<Classification, 'ms'> {
  const count = card.labels.length
  const scores = table.subarray(index * count, (index + 1) * count)
  const { temperature, vote } = card.calibration
  const probabilities = withVote(
    toProbabilities(scores, temperature, card.multi),
    vote === 0 ? [] : neighbourVote(similarities, rows.labelOf, count),
    vote,
  )
  const labels = card.labels
    .map(({ id, name }, i) => ({ label: id, name, probability: probabilities[i]! }))
    .sort((a, b) => b.probability - a.probability)
  const near = nearestOf(similarities, neighbours)
  return {
    labels,
    outOfScope: outOfScopeScore(card.scope, labels[0]!.probability, near[0]?.similarity ?? 0),
    neighbours: near.map(({ index: at, similarity }) => {
      const { row, text, labels: own } = rows.rows[at]!
      const label = card.labels[own[0]!]!
      return { row, text, label: label.id, name: label.name, similarity }
    }),
  }
}
