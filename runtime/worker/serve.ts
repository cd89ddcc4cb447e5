import { totalmem } from 'node:os'
import {
  BotloomError,
  type Classification,
  type ClassifierRef,
  type FoundAnswers,
  type FoundPassages,
  isKnowledge,
  type KnowledgeQuestion,
  type KnowledgeRef,
  type ModelText,
  type PinnedRef,
} from '#kit'
import type { Precision } from '#runtime/language/checkpoint.ts'
import { type Batcher, createBatcher } from '#runtime/serving/batcher.ts'
import { callBounds, createClassifier, type EncodedText, type LoadedClassifier } from '#runtime/serving/classifier.ts'
import {
  createGenerator,
  type Generated,
  type GenerateOptions,
  type LoadedGenerator,
} from '#runtime/serving/generator.ts'
import { createKnowledge, type LoadedKnowledge } from '#runtime/serving/knowledge.ts'
import { createLatency } from '#runtime/serving/latency.ts'
import { createModelCache } from '#runtime/serving/model-cache.ts'
import { createRetriever, type LoadedRetriever } from '#runtime/serving/retriever.ts'
import { createTurnstile } from '#runtime/serving/turnstile.ts'
import { createArtifactFolder } from './artifacts.ts'
import type { ComputeFolders, ServedModel } from './protocol.ts'

type Served = ServedClassifier | ServedGenerator | ServedRetriever | ServedKnowledge

interface ServedClassifier {
  gives: 'labels'
  model: LoadedClassifier
  batcher: Batcher<Asked, Classification>
  latency: ReturnType<typeof createLatency>
}

interface ServedGenerator {
  gives: 'answers'
  model: LoadedGenerator
  latency: ReturnType<typeof createLatency>
}

interface ServedRetriever {
  gives: 'found'
  model: LoadedRetriever
  latency: ReturnType<typeof createLatency>
}

interface ServedKnowledge {
  gives: 'passages'
  model: LoadedKnowledge
  latency: ReturnType<typeof createLatency>
}

/** A text on its way through a batch; `at` is when it came, in milliseconds of this process. */
interface Asked extends EncodedText {
  at: number
}

/** Models may take this share of the machine's memory, or of what a container is allowed, but never less than `leastMemory`. */
const memoryShare = 0.25
const leastMemory = 512 * 2 ** 20

const memoryBudget = (): number => {
  const allowed = process.constrainedMemory()
  return Math.max(leastMemory, memoryShare * (allowed > 0 ? Math.min(allowed, totalmem()) : totalmem()))
}

/** Answers that grow side by side, token by token; each has a cache of its own. Others wait, so many at most. */
const writers = { inside: 8, waiting: 64 }

/** An artifact, what it gives and the form in which it does, as one key. */
type Key = Pick<ServedModel, 'artifact' | 'gives' | 'precision'>
const joinKey = ({ gives, precision, artifact }: Key): string => `${gives} ${precision} ${artifact}`
const parseKey = (key: string): Key => {
  const [gives, precision, artifact] = key.split(' ') as [Key['gives'], Precision, string]
  return { artifact, gives, precision }
}
const keyOf = (ref: PinnedRef): string =>
  isKnowledge(ref)
    ? joinKey({ gives: 'passages', precision: 'full', artifact: ref.artifact })
    : joinKey({ gives: 'labels', precision: ref.precision ?? 'full', artifact: ref.artifact })

export interface ModelServerOptions {
  threads: number
  /** Bytes for all loaded models; default is a share of the machine's memory. */
  budget?: number
}

/** Loaded models, each behind its own micro-batches; those asked longest ago go when memory runs short. */
export function createModelServer(
  folders: Pick<ComputeFolders, 'artifacts'>,
  { threads, budget = memoryBudget() }: ModelServerOptions,
) {
  const artifacts = createArtifactFolder(folders.artifacts)
  const models = createModelCache<Served>({
    budget,
    load: async (key) => {
      const { artifact, gives, precision } = parseKey(key)
      const folder = await artifacts.open(artifact)
      if (gives === 'answers')
        return { gives, model: await createGenerator(folder, { threads }), latency: createLatency() }
      if (gives === 'passages')
        return { gives, model: await createKnowledge(folder, { threads }), latency: createLatency() }
      return gives === 'found'
        ? { gives, model: await createRetriever(folder, { threads }), latency: createLatency() }
        : serve(await createClassifier(folder, { threads, precision }))
    },
    bytesOf: ({ model }) => model.bytes,
    release: ({ model }) => model.dispose(),
  })
  const turnstile = createTurnstile(writers)

  async function serve(classifier: LoadedClassifier): Promise<ServedClassifier> {
    await classifier.warm()
    const latency = createLatency()
    const work = async (asked: readonly Asked[]): Promise<Classification[]> => {
      const begun = performance.now()
      const answers = await classifier.answer(asked)
      const done = performance.now()
      for (const { at } of asked) latency.note(begun - at, done - at, asked.length)
      return answers
    }
    return {
      gives: 'labels',
      model: classifier,
      latency,
      batcher: createBatcher(work, { ...callBounds, lengthOf: (asked) => asked.length }),
    }
  }

  return {
    async classify(model: ClassifierRef, texts: readonly ModelText[]): Promise<Classification[]> {
      const at = performance.now()
      return models.use(keyOf(model), (served) => {
        if (served.gives !== 'labels') throw new BotloomError('model-writes-answers')
        return Promise.all(texts.map((text) => served.batcher.submit({ ...served.model.encode(text), at })))
      })
    },
    /**
     * Writes an answer. Several grow side by side, and questions about labels are answered between two tokens. Rejects with `answers-busy`,
     * `model-writes-nothing`, or the signal's reason once nobody wants it any more.
     */
    async write(artifact: string, question: string, options: GenerateOptions): Promise<Generated> {
      const at = performance.now()
      return turnstile.pass(
        () =>
          models.use(joinKey({ gives: 'answers', precision: 'full', artifact }), async (served) => {
            if (served.gives !== 'answers') throw new BotloomError('model-writes-nothing')
            const begun = performance.now()
            const answer = await served.model.answer(question, options)
            served.latency.note(begun - at, performance.now() - at, 1)
            return answer
          }),
        options.signal,
      )
    },
    /** The `count` nearest answers of each question. Rejects with what `createRetriever` throws. */
    async find(artifact: string, questions: readonly string[], count: number): Promise<FoundAnswers[]> {
      const at = performance.now()
      return models.use(joinKey({ gives: 'found', precision: 'full', artifact }), async (served) => {
        if (served.gives !== 'found') throw new BotloomError('model-finds-nothing')
        const begun = performance.now()
        const found = await served.model.find(questions, count)
        const done = performance.now()
        for (const _ of questions) served.latency.note(begun - at, done - at, questions.length)
        return found
      })
    },
    /** What a knowledge holds about a question. Rejects with what `createKnowledge` throws. */
    async retrieve(knowledge: KnowledgeRef, question: KnowledgeQuestion): Promise<FoundPassages> {
      const at = performance.now()
      return models.use(keyOf(knowledge), async (served) => {
        if (served.gives !== 'passages') throw new BotloomError('unexpected', { detail: 'no knowledge' })
        const begun = performance.now()
        const found = await served.model.retrieve(question)
        served.latency.note(begun - at, performance.now() - at, 1)
        return found
      })
    },
    /** Loads these as far as they find room; a model that cannot be read fails when it is asked, not here. */
    keep: (wanted: readonly PinnedRef[]): Promise<void> => models.keep(wanted.map(keyOf)),
    /** What is loaded, and how fast it answers. */
    served: (): ServedModel[] =>
      models.loaded().map(({ key, value, bytes }) => ({
        ...parseKey(key),
        megabytes: Math.round(bytes / 1e6),
        ...value.latency.figures(),
      })),
  }
}
