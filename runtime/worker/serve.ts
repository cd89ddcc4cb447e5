import { totalmem } from 'node:os'
import type { Classification, ClassifierRef, ModelText } from '#kit'
import type { Precision } from '#runtime/language/checkpoint.ts'
import { type Batcher, createBatcher } from '#runtime/serving/batcher.ts'
import { callBounds, createClassifier, type EncodedText, type LoadedClassifier } from '#runtime/serving/classifier.ts'
import { createLatency } from '#runtime/serving/latency.ts'
import { createModelCache } from '#runtime/serving/model-cache.ts'
import { createArtifactFolder } from './artifacts.ts'
import type { ComputeFolders, ServedModel } from './protocol.ts'

interface Served {
  classifier: LoadedClassifier
  batcher: Batcher<Asked, Classification>
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

/** An artifact and the form in which it answers, as one key. */
const keyOf = (model: Pick<ClassifierRef, 'artifact' | 'precision'>): string =>
  `${model.precision ?? 'full'} ${model.artifact}`
const parseKey = (key: string): { artifact: string; precision: Precision } => {
  const [precision, artifact] = key.split(' ') as [Precision, string]
  return { artifact, precision }
}

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
      const { artifact, precision } = parseKey(key)
      return serve(await createClassifier(await artifacts.open(artifact), { threads, precision }))
    },
    bytesOf: ({ classifier }) => classifier.bytes,
    release: ({ classifier }) => classifier.dispose(),
  })

  async function serve(classifier: LoadedClassifier): Promise<Served> {
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
      classifier,
      latency,
      batcher: createBatcher(work, { ...callBounds, lengthOf: (asked) => asked.length }),
    }
  }

  return {
    async classify(model: ClassifierRef, texts: readonly ModelText[]): Promise<Classification[]> {
      const at = performance.now()
      return models.use(keyOf(model), ({ classifier, batcher }) =>
        Promise.all(texts.map((text) => batcher.submit({ ...classifier.encode(text), at }))),
      )
    },
    /** Loads these as far as they find room; a model that cannot be read fails when it is asked, not here. */
    keep: (wanted: readonly ClassifierRef[]): Promise<void> => models.keep(wanted.map(keyOf)),
    /** What is loaded, and how fast it answers. */
    served: (): ServedModel[] =>
      models.loaded().map(({ key, value, bytes }) => ({
        ...parseKey(key),
        megabytes: Math.round(bytes / 1e6),
        ...value.latency.figures(),
      })),
  }
}
