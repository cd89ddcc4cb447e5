import {
  BotloomError,
  type ConfigOf,
  type DatasetRef,
  type DatasetRow,
  defineRunner,
  type ModelRef,
  type RunnerContext,
} from '#kit'
import type { ReadDocument } from '#runtime/language/documents/document.ts'
import { readDocument } from '#runtime/language/documents/read-document.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { createFeatureExtractor } from '#runtime/language/features.ts'
import { outsideQuestions } from '#runtime/language/knowledge/outside-questions.ts'
import { keysOf, type Passage } from '#runtime/language/knowledge/passage.ts'
import { toAnswer, toPassages } from '#runtime/language/knowledge/to-passages.ts'
import { tryFloor } from '#runtime/language/knowledge/try-floor.ts'
import { writeKnowledge } from '#runtime/language/knowledge/write-knowledge.ts'
import { createSimilarity } from '#runtime/language/similarity.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { toUnitLength } from '#runtime/training/nearest.ts'
import { knowledge } from './node.ts'

/** More than these are looked through too slowly to answer at once. */
const mostPassages = 20_000
/** Written questions that are none of the material's, from the records. */
const mostOutside = 200

interface Given {
  config: ConfigOf<typeof knowledge>
  inputs: { faq?: DatasetRef; model?: ModelRef }
  ctx: RunnerContext
}

export default defineRunner(knowledge, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'loading', share: 0 })
  const encoder = await encoderOf({ config, inputs, ctx })
  const { documents, passages, questions, outside } = await readAll({ config, inputs, ctx }, encoder)
  const executor = await chooseDevice(ctx)
  const { signal } = ctx
  signal.throwIfAborted()
  const extractor = await createFeatureExtractor(encoder, executor, ctx.cacheFolder)
  const { hidden_size: width } = encoder.config
  const embed = async (texts: readonly string[], role: 'query' | 'passage', onProgress?: (share: number) => void) => {
    const prompted = texts.map((text) => encoder.roles[role] + text)
    const { vectors } = await extractor.extract(prompted, { signal, onProgress })
    return toUnitLength(vectors, width)
  }
  try {
    const fresh = passages.filter((passage) =>
      keysOf(passage).some((key) => !extractor.knows(encoder.roles.passage + key)),
    ).length
    const vectors = await embed(passages.flatMap(keysOf), 'passage', (share) =>
      ctx.progress({ phase: 'embedding', share: 0.3 + 0.5 * share }),
    )
    ctx.progress({ phase: 'calibrating', share: 0.8 })
    const similarity = await createSimilarity(executor, vectors, width)
    const floor = await tryFloor({ passages, similarity, embed: (texts) => embed(texts, 'query'), outside })
    await similarity.dispose()
    tell(ctx, { documents: documents.length, questions, passages: passages.length, fresh }, floor)
    ctx.progress({ phase: 'saving', share: 0.95 })
    signal.throwIfAborted()
    const { name, hash } = encoder
    const card = {
      format: 1 as const,
      kind: 'knowledge' as const,
      encoder: { name, hash, width },
      documents,
      questions,
      passages: passages.length,
      floor,
    }
    const artifact = await ctx.artifacts.write(async (folder) => {
      await writeKnowledge(folder, { encoder, card, passages, vectors })
    })
    ctx.progress({ phase: 'saving', share: 1 })
    return {
      knowledge: {
        artifact,
        kind: 'knowledge',
        encoder: name,
        documents: documents.length,
        passages: passages.length,
        questions,
        floor: floor.floor,
      },
    }
  } finally {
    await extractor.dispose()
  }
})

/** The encoder of the connected model, else the one by name; what it writes ahead of texts is written here. */
async function encoderOf({ config, inputs: { model }, ctx }: Given): Promise<Encoder> {
  if (model?.kind === 'answers') throw new BotloomError('model-writes-answers')
  const folder = model ? await ctx.artifacts.open(model.artifact) : await ctx.encoders.folder(config.encoder)
  return loadEncoder(folder, model?.encoder ?? config.encoder, { unprompted: true })
}

/** All material as passages, document by document, written answers behind them. */
async function readAll({ config, inputs, ctx }: Given, encoder: Encoder) {
  const rows = inputs.faq ? await ctx.datasets.read(inputs.faq) : []
  const answers = rows.filter(isAnswer)
  const files = config.documents.filter((file) => file !== '')
  const pasted = config.text.trim()
  if (files.length === 0 && pasted === '' && answers.length === 0) throw new BotloomError('knowledge-empty')
  const limit = Math.min(config.passageTokens, encoder.tokenizer.maxLength - 8)
  const options = {
    most: limit,
    overlap: config.overlap,
    tokensOf: (text: string) => encoder.tokenizer.encode(text).ids.length - 2,
  }
  const passages: Passage[] = []
  const documents: { title: string; file: string; passages: number }[] = []
  const add = async (file: string, document: ReadDocument): Promise<void> => {
    const own = await toPassages(document, documents.length, options)
    passages.push(...own)
    documents.push({ title: document.title, file, passages: own.length })
    if (passages.length > mostPassages)
      throw new BotloomError('knowledge-too-large', { passages: passages.length, limit: mostPassages })
    if (document.emptyPages) ctx.note({ code: 'document-pages-empty', params: { file, pages: document.emptyPages } })
  }
  for (const [at, ref] of files.entries()) {
    const { name, bytes } = await ctx.uploads.read(ref)
    const onPage = (page: number, pages: number): void =>
      ctx.progress({ phase: 'reading', share: (0.3 * (at + page / pages)) / files.length })
    onPage(0, 1)
    await add(name, await readDocument(bytes, name, { signal: ctx.signal, onPage }))
    ctx.signal.throwIfAborted()
  }
  if (pasted !== '') {
    const name = config.title.trim() || pasted.split('\n')[0]!.slice(0, 60)
    const document = await readDocument(Buffer.from(pasted), `${name}.txt`)
    await add(name, { ...document, title: name })
  }
  const places = answers.map((row) => toAnswer(row, documents.length, config.title.trim()))
  passages.push(...(await Promise.all(places)))
  if (passages.length > mostPassages)
    throw new BotloomError('knowledge-too-large', { passages: passages.length, limit: mostPassages })
  const foreign = rows.filter((row) => row.outOfScope).map(({ text }) => text)
  return {
    documents,
    passages,
    questions: answers.length,
    outside: [...outsideQuestions, ...foreign.slice(0, mostOutside)],
  }
}

function isAnswer(row: DatasetRow): row is DatasetRow & { pair: string } {
  return row.pair !== undefined && row.pair.trim() !== '' && !row.outOfScope && row.origin === undefined
}

const percent = (share: number): number => Math.round(share * 100)

function tell(
  ctx: RunnerContext,
  counts: { documents: number; questions: number; passages: number; fresh: number },
  { floor, trials }: Awaited<ReturnType<typeof tryFloor>>,
): void {
  ctx.note({ code: 'knowledge-read', params: counts })
  if (!trials) {
    ctx.note({ code: 'knowledge-floor-guessed', params: { floor: percent(floor) } })
    return
  }
  const { inside, outside, kept, refused } = trials
  ctx.note({
    code: 'knowledge-floor',
    params: { floor: percent(floor), inside, outside, kept: percent(kept), refused: percent(refused) },
  })
}
