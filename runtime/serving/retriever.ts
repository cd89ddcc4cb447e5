import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { BotloomError, type FoundAnswers } from '#kit'
import { loadEncoderFrame } from '#runtime/language/encoder.ts'
import { readRetrieverCard } from '#runtime/language/read-card.ts'
import { type RetrieverCard, type StoredAnswer, storedAnswer } from '#runtime/language/retrieval/retriever-card.ts'
import { retrieverGraph } from '#runtime/language/retrieval/write-retriever.ts'
import { parseSafetensors } from '#runtime/language/safetensors.ts'
import type { SentenceRoles } from '#runtime/language/sentence-modules.ts'
import { createSimilarity, nearestOf } from '#runtime/language/similarity.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { bucketLength } from '#runtime/training/length-batches.ts'
import { callBounds } from './classifier.ts'
import { groupByLength } from './length-groups.ts'
import { openGraph } from './open-graph.ts'

/** A model that finds answers, ready. `embed` and `find` block the event loop while they compute: compute processes only. */
export interface LoadedRetriever {
  readonly card: RetrieverCard
  /** What it can find, in the order of their vectors. */
  readonly answers: readonly StoredAnswer[]
  /** Unit-length vectors of the answers, row-major [answers, width]. */
  readonly vectors: Float32Array
  /** Bytes of memory that it takes, about. */
  readonly bytes: number
  /** Unit-length vectors of texts in this role, row-major [texts, width]. */
  embed(texts: readonly string[], role: keyof SentenceRoles): Promise<Float32Array>
  /** The `count` nearest answers of each question. */
  find(questions: readonly string[], count: number): Promise<FoundAnswers[]>
  dispose(): Promise<void>
}

/**
 * Opens the folder of a model that finds answers. Throws `model-unreadable` when a file is missing or they do not fit each other, and what
 * `readRetrieverCard` throws for a model of another kind.
 */
export async function createRetriever(folder: string, options: { threads?: number } = {}): Promise<LoadedRetriever> {
  const card = await readRetrieverCard(folder)
  const { width } = card.encoder
  const { tokenizer, roles } = await loadEncoderFrame(folder, card.encoder.name, { unprompted: true })
  const { answers, vectors } = await loadAnswers(folder, width)
  const { session, bytes } = await openGraph(folder, retrieverGraph, options)
  const similarity = await createSimilarity(createOnnxExecutor({ threads: options.threads ?? 1 }), vectors, width)

  async function embed(texts: readonly string[], role: keyof SentenceRoles): Promise<Float32Array> {
    const encoded = texts.map((text) => tokenizer.encode(roles[role] + text))
    const lengths = encoded.map(({ ids }) => bucketLength(ids.length, tokenizer.maxLength))
    const found = new Float32Array(texts.length * width)
    for (const call of groupByLength(lengths, callBounds)) {
      const batch = padTokens(
        call.map((row) => encoded[row]!),
        tokenizer.padId,
        Math.max(...call.map((row) => lengths[row]!)),
      )
      const shape = [batch.rows, batch.length]
      const out = await session.run({
        ids: new ort.Tensor('int32', batch.ids, shape),
        mask: new ort.Tensor('int32', batch.mask, shape),
      })
      const own = out.vectors!.data as Float32Array
      if (own.length !== call.length * width)
        throw unreadable(`${retrieverGraph} gives vectors of another width than card.json says`)
      for (const [i, row] of call.entries()) found.set(own.subarray(i * width, (i + 1) * width), row * width)
      // Native calls block; the loop must turn so that new requests are heard.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return found
  }

  return {
    card,
    answers,
    vectors,
    bytes: bytes + 2 * vectors.byteLength,
    embed,
    async find(questions, count) {
      const start = performance.now()
      const table = await similarity.of(await embed(questions, 'query'))
      const ms = performance.now() - start
      return questions.map((_, i) => {
        const near = nearestOf(table.subarray(i * answers.length, (i + 1) * answers.length), count)
        return {
          answers: near.map(({ index, similarity: cosine }) => ({ ...answers[index]!, similarity: cosine })),
          fits: card.bar === null || (near[0]?.similarity ?? -1) >= card.bar.similarity,
          ms,
        }
      })
    },
    async dispose() {
      await similarity.dispose()
      await session.release()
    },
  }
}

const unreadable = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })

async function loadAnswers(folder: string, width: number): Promise<{ answers: StoredAnswer[]; vectors: Float32Array }> {
  const [lines, bytes] = await Promise.all([
    readFile(join(folder, 'answers.jsonl'), 'utf8'),
    readFile(join(folder, 'answers.safetensors')),
  ]).catch(() => {
    throw unreadable('answers.jsonl or answers.safetensors is missing')
  })
  const answers = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        return storedAnswer.parse(JSON.parse(line))
      } catch {
        throw unreadable(`line ${i + 1} of answers.jsonl is not an answer`)
      }
    })
  const vectors = parseSafetensors(bytes, 'answers.safetensors').get('vectors')
  if (!vectors || vectors.shape.join() !== [answers.length, width].join())
    throw unreadable('the vectors in answers.safetensors do not fit answers.jsonl')
  return { answers, vectors: vectors.data }
}
