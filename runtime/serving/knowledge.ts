import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError, type FoundPassage, type FoundPassages, type KnowledgeQuestion } from '#kit'
import { type KnowledgeCard, knowledgeCard } from '#runtime/language/knowledge/card.ts'
import { keysOf, type Passage, passage, wordsOf } from '#runtime/language/knowledge/passage.ts'
import { type Ranked, rankPassages, startsOf } from '#runtime/language/knowledge/rank.ts'
import { createWordIndex } from '#runtime/language/knowledge/word-index.ts'
import { knowledgeGraph } from '#runtime/language/knowledge/write-knowledge.ts'
import { parseSafetensors } from '#runtime/language/safetensors.ts'
import { createSimilarity } from '#runtime/language/similarity.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { openTextEmbedder } from './text-embedder.ts'
import { trimAnswer } from './trim-answer.ts'

/** Knowledge ready to be asked. `retrieve` blocks the event loop while it computes: compute processes only. */
export interface LoadedKnowledge {
  readonly card: KnowledgeCard
  /** Bytes of memory that it takes, about. */
  readonly bytes: number
  retrieve(question: KnowledgeQuestion): Promise<FoundPassages>
  dispose(): Promise<void>
}

/** Passages of an answer; whoever asks shows the first and tells of the others. */
const found = 3
/** Of which this many are looked at, since several may say the same. */
const looked = 12
/** Characters of what is told besides the answer. */
const longestMore = 1_200
/** Bytes of the table of words for each character of text, about. */
const bytesOfCharacter = 24

/** Opens the folder of a knowledge. Throws `model-unreadable` when a file is missing or they do not fit each other. */
export async function createKnowledge(folder: string, options: { threads?: number } = {}): Promise<LoadedKnowledge> {
  const card = await readKnowledgeCard(folder)
  const { width } = card.encoder
  const { passages, vectors } = await loadPassages(folder, width)
  const starts = startsOf(passages.map((own) => keysOf(own).length))
  if (starts.at(-1)! * width !== vectors.length)
    throw unreadable('the vectors in vectors.safetensors do not fit passages.jsonl')
  const embedder = await openTextEmbedder(folder, knowledgeGraph, card.encoder, options)
  const similarity = await createSimilarity(createOnnxExecutor({ threads: options.threads ?? 1 }), vectors, width)
  const texts = passages.map(wordsOf)
  const words = createWordIndex(texts)
  const characters = texts.reduce((sum, text) => sum + text.length, 0)

  function toFound(
    { place, score, similarity: near, words: share, sentence }: Ranked,
    cosines: Float32Array,
  ): FoundPassage {
    const own = passages[place]!
    const { id, title, headings, page, url, question, language } = own
    const answer =
      question === undefined
        ? trimAnswer(own, cosines.subarray(starts[place]! + 1, starts[place + 1]!), sentence)
        : own.text
    const more = question === undefined ? moreOf(passages, place, answer) : ''
    return {
      id,
      source: {
        title,
        headings,
        ...(page === undefined ? {} : { page }),
        ...(url === undefined ? {} : { url }),
        ...(question === undefined ? {} : { question }),
      },
      answer,
      ...(more === '' ? {} : { more }),
      ...(language === undefined ? {} : { language }),
      score,
      similarity: near,
      words: share,
    }
  }

  return {
    card,
    bytes: embedder.bytes + 2 * vectors.byteLength + characters * bytesOfCharacter,
    async retrieve({ text, language }) {
      const begun = performance.now()
      const cosines = await similarity.of(await embedder.embed([text], 'query'))
      const base = language.split('-')[0]
      const isPreferred = (place: number): boolean => (passages[place]!.language ?? base) === base
      const ranked = rankPassages(cosines, starts, words.of(text), looked, isPreferred)
      const different = new Map<string, FoundPassage>()
      for (const own of ranked) {
        const next = toFound(own, cosines)
        if (!different.has(next.answer)) different.set(next.answer, next)
      }
      return { passages: [...different.values()].slice(0, found), ms: performance.now() - begun }
    },
    async dispose() {
      await similarity.dispose()
      await embedder.dispose()
    },
  }
}

/** All of the passage, and the next one of its document; empty where the answer says it all. */
function moreOf(passages: readonly Passage[], place: number, answer: string): string {
  const own = passages[place]!
  const next = passages[place + 1]
  const whole = own.text === answer ? [] : [own.text]
  if (next?.document === own.document && next.headings.join('›') === own.headings.join('›')) whole.push(next.text)
  const text = whole.join('\n\n')
  return text.length <= longestMore ? text : `${text.slice(0, longestMore).trimEnd()} …`
}

const unreadable = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })

async function readKnowledgeCard(folder: string): Promise<KnowledgeCard> {
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch(() => {
    throw unreadable('card.json is missing')
  })
  try {
    return knowledgeCard.parse(JSON.parse(text))
  } catch {
    throw unreadable('card.json is not that of a knowledge')
  }
}

async function loadPassages(folder: string, width: number): Promise<{ passages: Passage[]; vectors: Float32Array }> {
  const [lines, bytes] = await Promise.all([
    readFile(join(folder, 'passages.jsonl'), 'utf8'),
    readFile(join(folder, 'vectors.safetensors')),
  ]).catch(() => {
    throw unreadable('passages.jsonl or vectors.safetensors is missing')
  })
  const passages = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        return passage.parse(JSON.parse(line))
      } catch {
        throw unreadable(`line ${i + 1} of passages.jsonl is not a passage`)
      }
    })
  const vectors = parseSafetensors(bytes, 'vectors.safetensors').get('vectors')
  if (!vectors || vectors.shape[1] !== width) throw unreadable('vectors.safetensors holds no vectors of that width')
  return { passages, vectors: vectors.data }
}
