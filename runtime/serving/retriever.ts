import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError, type FoundAnswers } from '#kit'
import { readRetrieverCard } from '#runtime/language/read-card.ts'
import { type RetrieverCard, type StoredAnswer, storedAnswer } from '#runtime/language/retrieval/retriever-card.ts'
import { retrieverGraph } from '#runtime/language/retrieval/write-retriever.ts'
import { parseSafetensors } from '#runtime/language/safetensors.ts'
import type { SentenceRoles } from '#runtime/language/sentence-modules.ts'
import { createSimilarity, nearestOf } from '#runtime/language/similarity.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { openTextEmbedder } from './text-embedder.ts'

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
  const { answers, vectors } = await loadAnswers(folder, width)
  const embedder = await openTextEmbedder(folder, retrieverGraph, card.encoder, options)
  const similarity = await createSimilarity(createOnnxExecutor({ threads: options.threads ?? 1 }), vectors, width)

  return {
    card,
    answers,
    vectors,
    bytes: embedder.bytes + 2 * vectors.byteLength,
    embed: embedder.embed,
    async find(questions, count) {
      const start = performance.now()
      const table = await similarity.of(await embedder.embed(questions, 'query'))
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
      await embedder.dispose()
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
